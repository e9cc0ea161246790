-- Question: how is the thirty-second version taken back?
-- In: whistle_load(). Out: nothing.
-- Index used: none.
drop function whistle_load(text[]);
