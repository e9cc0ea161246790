-- Question: which issues of a period could a change of the list move, put together by what decides?
-- In: since, until (days in the city, both included); services (those that the change touches, and
--   those below them).
-- Out: service, against, path, grid, subdistrict (as at intake), n, issues (some ids, the newest
--   first); without those that nobody owns.
-- Index used: issue_came.
select
    service, against, path, grid, subdistrict,
    count(*) as n,
    (array_agg(id order by id desc))[1:3] as issues
from issue
where service = any (cast(:services as text[]))
    and path <> '{}'
    and case when reported_at is null then received_at else reported_at end >= cast(:since as date)
    and case when reported_at is null then received_at else reported_at end
        < cast(:until as date) + 1
group by service, against, path, grid, subdistrict
