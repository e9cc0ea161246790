-- Question: how is the thirtieth version taken back?
-- In: rules_changed. Out: neither it nor what counts.
-- Index used: none.
drop trigger duty_changes_rules on duty;
drop trigger service_changes_rules on service;
drop trigger party_changes_rules on party;
drop trigger calendar_changes_rules on calendar;
drop function count_rules_change();
drop table rules_changed;
