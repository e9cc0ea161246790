-- Question: what are nets called?
-- In: net. Out: net.title, as people call it; '' where nobody has said.
-- Index used: none.
alter table net add column title text not null default '';
