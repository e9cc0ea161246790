-- Question: may the app role find areas and places by an index?
-- In: PostGIS. Out: nothing; where the account is a superuser (the private server's, the
--   container's), the two operators below are marked leakproof from then on.
-- Index used: none here; afterwards the GiST indexes of shapes and the GIN indexes of paths.
-- Under row-level security PostgreSQL asks the policy of every row before an operator that might
-- tell something of a row in an error message, and then no index helps: at city size a page read a
-- million places one by one. Neither operator has such a message: one compares two boxes, the other
-- two lists of codes. On a server where the account may not say so the answers are the same.
do $$
begin
    if (select rolsuper from pg_roles where rolname = current_user) and exists (
        select from pg_proc
        where not proleakproof and oid in (
            to_regprocedure('geometry_overlaps(geometry, geometry)'),
            to_regprocedure('arraycontains(anyarray, anyarray)')
        )
    ) then
        alter function geometry_overlaps(geometry, geometry) leakproof;
        alter function arraycontains(anyarray, anyarray) leakproof;
    end if;
end
$$
