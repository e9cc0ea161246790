-- Question: which parties are some parties, by code or by name, or below them?
-- In: parties. Out: code, said (the code or name it was found by, null for those below).
-- Index used: the key of party, downwards by its parent; names are looked through.
with recursive below as (
    select code, case when code = any (cast(:parties as text[])) then code else name end as said
    from party
    where code = any (cast(:parties as text[])) or name = any (cast(:parties as text[]))
    union
    select p.code, null from party as p join below as b on p.parent = b.code
)
select code, said from below order by code
