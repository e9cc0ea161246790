-- Question: how is the fifteenth version taken back?
-- In: review. Out: the index of the fourteenth; of several call-backs the last stays.
drop index review_issue, review_task;
delete from review as r
using review as later
where later.task = r.task and later.rater = r.rater and later.id > r.id;
create unique index review_task on review (task, rater) where task is not null;
