-- Question: who has rated which task, and what did the reporter say in the end?
-- In: review. Out: one review by a rater and task but for call-backs, which come again after rework.
-- Index used: these two.
drop index review_task;
create unique index review_task on review (task, rater)
    where task is not null and kind <> 'call_back';
create index review_issue on review (issue, id) where issue is not null;
