-- Question: how is the first version taken back?
-- In: the tables of m0001. Out: none of them; all data in them is gone.
-- With the functions go the policies that call them.
drop function duty_codes(text[]) cascade;
drop function acting_person() cascade;
drop table event, task, issue, duty, service, party, place, draft_area, atom, area, revision,
    plan, import_batch, net, code_history, rule;
revoke all on schema public from jingwei_app;
