-- Question: how is the outbox taken back?
-- In: hook, delivery, event. Out: none of them is told outside any more; events are kept.
drop trigger event_leaves on event;
drop table delivery, hook;
drop function deliveries_of_events(), jobs_of_deliveries(), job_of_delivery();
drop schema queue cascade;
drop index event_xact;
alter table event drop column xact;
