-- Question: what do the shapes of tiles take away again?
-- In: shape, edition. Out: the schema as it was. Index used: none.
drop table shape, edition;
