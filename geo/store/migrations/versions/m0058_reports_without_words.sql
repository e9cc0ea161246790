-- Question: what is kept of what was found in files of issues?
-- In: import_batch. Out: of each finding its code, how grave it is and the rows; no sentence, no example
--   and no change of a row, since they repeat what people said, and an erasure does not find them there.
-- Index used: none.
update import_batch as b
set report = jsonb_build_object('reports', (
    select coalesce(jsonb_agg(r || jsonb_build_object('findings', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'code', f -> 'code', 'severity', f -> 'severity', 'rows', f -> 'rows'
        )), '[]')
        from jsonb_array_elements(r -> 'findings') as f
    ))), '[]')
    from jsonb_array_elements(b.report -> 'reports') as r
))
where b.noun = 'issues' and jsonb_typeof(b.report -> 'reports') = 'array';
