-- Question: do the counts that are kept tell all that the acting person may see of an area?
-- In: scope or null; reporters (whether people are counted, not issues), source, state.
-- Out: one row: is_kept, whether every duty of the person, and the scope, is a subdistrict or above: counts
--   are kept no finer; kind, by which of heat_kinds() people are counted, null where by none.
-- Index used: area_code_now; heat_cell's key.
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
    ) as is_kept,
    case when :reporters then heat_kind(
        cast(:scope as text), cast(:source as text), cast(:state as text)
    ) end as kind
