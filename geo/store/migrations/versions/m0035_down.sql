-- Question: what of the thirty-fifth goes? In: its functions. Out: none of them.
-- Index used: none.
drop function answer_call_back(boolean, boolean, text), own_report();
