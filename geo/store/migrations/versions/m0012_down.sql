-- Question: how does the store go back to what it was before Open311?
drop view public_issue;
drop table answer;
drop index issue_public;
alter table service drop column public, drop column form;
