-- Question: which issue does the work of one that was merged, over any number of steps?
-- In: issue (id). Out: one row: id, state, path.
-- Index used: the primary key.
select root.id, root.state, root.path from merged_root(:issue) as root
