-- Question: which parties are each of some parties, by code or by name, or below it?
-- In: parties. Out: said, code. The twin of parties_below.sql, for many.
-- Index used: the key of party, downwards by its parent; names are looked through.
with recursive below as (
    select n.said, p.code
    from unnest(cast(:parties as text[])) as n (said)
        join party as p on p.code = n.said or p.name = n.said
    union
    select b.said, p.code from below as b join party as p on p.parent = b.code
)
select said, code from below order by said, code
