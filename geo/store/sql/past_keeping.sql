-- Question: of which closed issues is the time over that their words are kept?
-- In: days, most. Out: id, the longest there first; not those merged into one that is still open.
-- Index used: issue_kept.
select i.id
from issue as i
where i.state = 'closed'
    and i.forgotten_at is null
    and i.received_at < now() - make_interval(secs => cast(:days as double precision) * 86400)
    and not exists (
        select from issue as root where root.id = i.merged_into and root.state <> 'closed'
    )
order by i.received_at, i.id
limit :most
