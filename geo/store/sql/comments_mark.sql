-- Question: has something been said about a plan, or settled, since it was looked at?
-- In: plan. Out: mark, a number that is another one then.
-- Index used: comment_of_plan.
select coalesce(sum(hashtextextended(concat(id, settled_at), 0) % 1000000007), 0) as mark
from comment
where plan = :plan
