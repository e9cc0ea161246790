-- Question: how often was this asked for within the minute that runs, with now?
-- In: key. Out: one row: times, seconds (until the next minute, at least 1). Minutes that are over are
--   forgotten on the way, a few at a time; a row that somebody else takes away is left to them.
-- Index used: the key of pace.
with this as (
    select floor(extract(epoch from clock_timestamp()) / 60)::bigint as minute, clock_timestamp() as at
),
gone as (
    delete from pace
    where (minute, key) in (
        select p.minute, p.key
        from pace as p
        where p.minute < (select minute from this)
        order by p.minute, p.key
        limit 50
        for update skip locked
    )
)
insert into pace (minute, key, count)
select minute, cast(:key as text), 1 from this
on conflict (minute, key) do update set count = pace.count + 1
returning count as times, greatest(1, ceil(60 * (minute + 1) - extract(epoch from clock_timestamp()))::integer) as seconds
