-- Question: which parties are some parties, or below them?
-- In: parties. Out: code.
-- Index used: the key of party, downwards by its parent.
with recursive below as (
    select code from party where code = any (cast(:parties as text[]))
    union
    select p.code from party as p join below as b on p.parent = b.code
)
select code from below order by code
