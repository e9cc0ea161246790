-- Question: what was before? In: duty. Out: nobody knows until when a duty would have held.
-- Index used: none.
alter table duty drop column held_to;
