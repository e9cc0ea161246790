-- Question: do the counts that are kept tell all that the acting person may see of an area?
-- In: scope or null. Out: one row, whether every duty of the person, and the scope, is a
--   subdistrict or above: counts are kept no finer.
-- Index used: area_code_now.
select
    cardinality(duty_codes()) > 0 and not exists (
        select unnest(duty_codes() || array_remove(array[cast(:scope as text)], null))
        except
        select code
        from area
        where net = 'admin'
            and kind in ('city', 'district', 'subdistrict')
            and valid_to is null
            and code = any (duty_codes() || array_remove(array[cast(:scope as text)], null))
    ) as is_kept
