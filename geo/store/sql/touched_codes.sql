-- Question: which codes are new, gone, and there still with another content?
-- In: pg_temp.touched. Out: one row of three arrays, each in order. Index used: none, it is small.
select
    coalesce(array_agg(code order by code) filter (where old is null), '{}') as new,
    coalesce(array_agg(old_code order by old_code) filter (where code is null), '{}') as gone,
    coalesce(array_agg(code order by code) filter (where old is not null and code is not null), '{}')
        as changed
from pg_temp.touched
