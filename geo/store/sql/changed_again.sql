-- Question: which areas that a revision made, changed or ended have changed again since?
-- In: net, number (the revision). Out: code, in order.
-- Index used: area_code_history by net.
select later.code
from area as later
where later.net = :net
    and (later.valid_from > :number or later.valid_to > :number)
    and exists (
        select from area as touched
        where touched.net = :net
            and touched.code = later.code
            and (touched.valid_from = :number or touched.valid_to = :number)
    )
union
-- A later revision of the same scope, or of one above or below it, may have filled the place.
select later.code
from revision as undone
    join area as later on later.net = undone.net and later.valid_from > undone.number
where undone.net = :net
    and undone.number = :number
    and undone.scope is not null
    and later.path @> array[undone.scope]
order by 1
