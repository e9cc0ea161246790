-- Question: how are read marks of notices taken back?
-- In: notice_read. Out: every notice is new again.
drop table notice_read;
