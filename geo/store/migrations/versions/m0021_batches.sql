-- Question: what of an import does everybody learn?
-- In: import_batch. Out: which noun was imported, when; file names and reports, which repeat values
--   that were found in files, are the owner's alone.
-- Index used: none.
revoke select on import_batch from jingwei_app;
grant select (id, noun, made_at) on import_batch to jingwei_app;
