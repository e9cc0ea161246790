-- Question: which duties does the acting person hold?
-- In: duty. Out: duty_codes, and with it every policy, no longer reads the duties of a whole city:
--   the index of duties held now knows none that end on a day to come.
-- Index used: this one.
create index duty_party on duty (party);
