-- Question: do the counts of days that are kept tell all that the acting person may see of a scope?
-- In: scope, or null for all. Out: one row: is_kept, whether a duty of the person's covers all of it, and it is a
--   subdistrict or above: counts are kept no finer.
-- Index used: area_code_now.
select case
    when cast(:scope as text) is null
        then cardinality(duty_codes('{dispatcher}')) > 0
            and not exists (
                select from area
                where net = 'admin' and parent is null and valid_to is null
                    and not path && duty_codes()
            )
    else exists (
        select from area
        where net = 'admin' and code = :scope and valid_to is null
            and kind in ('city', 'district', 'subdistrict')
            and path && duty_codes()
    )
end as is_kept
