-- Question: how many different people reported an issue, with those that were merged into it?
-- In: numbers (of issues). Out: id, reporters, where there are several; who is not known counts for one each.
-- Index used: issue_merged_into, the key of issue.
with recursive joined (root, id) as (
    select number, number from unnest(cast(:numbers as bigint[])) as number
    union
    select joined.root, issue.id from joined join issue on issue.merged_into = joined.id
)
select joined.root as id, count(distinct coalesce(issue.reporter, cast(issue.id as text))) as reporters
from joined join issue on issue.id = joined.id
group by joined.root
having count(distinct coalesce(issue.reporter, cast(issue.id as text))) > 1
order by joined.root
