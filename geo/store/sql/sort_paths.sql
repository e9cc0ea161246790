-- Question: which paths of issues and tasks are listed in their indexes, and not sorted yet?
-- In: nothing. Out: how many pages of them there were; they are sorted. Whoever asks for an area
--   reads all of the list; whoever writes when it is full sorts it.
-- Index used: issue_path, task_path.
select gin_clean_pending_list('issue_path') + gin_clean_pending_list('task_path')
