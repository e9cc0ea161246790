-- Question: how is the twenty-first version taken back?
-- In: import_batch. Out: the grant of the twentieth.
revoke select (id, noun, made_at) on import_batch from jingwei_app;
grant select on import_batch to jingwei_app;
