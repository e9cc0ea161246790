-- Question: how is the second version taken back?
-- In: duty. Out: it forgets which revision opened and ended its rows.
drop policy duty_end on duty;
drop policy duty_follow on duty;
revoke insert, update on duty from jingwei_app;
alter table duty drop column since, drop column until;
