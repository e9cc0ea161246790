-- Question: how many areas of a net are in force?
-- In: net; kind and scope (code of an admin area) or null for all. Out: n.
-- Index used: area_path by scope; area_code_now by net.
select count(*) as n
from area
where net = :net and valid_to is null
    and (cast(:kind as text) is null or kind = :kind)
    and (cast(:scope as text) is null or path @> array[cast(:scope as text)])
