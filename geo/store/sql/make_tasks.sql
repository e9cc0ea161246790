-- Question: which tasks are made of some issues?
-- In: rows (a JSON array of objects named as the columns), columns in the place named.
-- Out: id, issue, lead, party of each, in the order of rows. Numbered beforehand: of what an insert
--   returns, whoever makes it must be able to read each row, and a holder all of whose duties are
--   over calls others to what was taken, but does not read their tasks.
-- Index used: none to find them; the keys of issue and party are looked up.
with numbered as materialized (
    select nextval('task_id_seq') as number, r.*
    from json_populate_recordset(null::task, cast(:rows as json)) as r
),
kept as (
    insert into task (id, {columns}, made_by) overriding system value
    select number, {columns}, coalesce(acting_person(), '')
    from numbered
)
select number as id, issue, lead, party from numbered
