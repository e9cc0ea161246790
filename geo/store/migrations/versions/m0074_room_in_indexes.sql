-- Question: where do the entries go that a move adds to indexes which it does not change?
-- In: task, event. Out: task_pkey, task_issue, task_yellow and event_subject, whose new pages are left
--   with room for the next versions, and the next events, of what stands in them. A page that was
--   filled to its end while issues came in is parted for the first of a fifth more, after its rows
--   have been searched for dead ones in vain.
-- Index used: none.
alter index task_pkey set (fillfactor = 70);
alter index task_issue set (fillfactor = 70);
alter index task_yellow set (fillfactor = 70);
alter index event_subject set (fillfactor = 70);
