-- Question: which duties make up the rows of the responsibility list that hold, or will?
-- In: nothing. Out: id, row_number, service, net, area, area_said, party, party_said, lead, basis,
--   valid_from, valid_to, within (the codes its area lies in, and whose list it is); by number.
-- Index used: duty_row; area_code_now.
with held as materialized (
    select *, coalesce(net, 'admin') as on_net
    from duty
    where row_number is not null and (valid_to is null or valid_to > current_date)
)
select
    d.id, d.row_number, d.service, d.on_net as net, d.area,
    coalesce(d.said ->> 'area', '') as area_said, d.party,
    coalesce(d.said ->> 'party', '') as party_said, d.lead, d.basis, d.valid_from, d.valid_to,
    coalesce(a.path, '{}') || array_remove(array[d.said ->> 'scope'], null) as within
from held as d
    left join area as a on a.net = d.on_net and a.code = d.area and a.valid_to is null
order by d.row_number, d.id
