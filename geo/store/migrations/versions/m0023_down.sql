-- Question: what does the heat take away again?
-- In: the tables of m0023_heat.sql. Out: the schema as it was. Index used: none.
drop trigger issue_counted_in on issue;
drop trigger issue_counted_again on issue;
drop trigger issue_counted_out on issue;
drop function count_issues_in();
drop function count_issue_again();
drop function count_issues_out();
drop table heat_cell, heat_change;
drop index issue_reported;
drop function cell_x(geometry, integer), cell_y(geometry, integer), heat_path(text[], text);
