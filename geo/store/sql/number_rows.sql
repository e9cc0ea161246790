-- Question: which numbers do new rows of the responsibility list get?
-- In: duty. Out: row_number of duties with a service that lack one: that of the row on the same
--   service and area, else the next one, by area and service.
-- Index used: duty_place.
with lacking as (
    select distinct service, net, area
    from duty
    where service is not null and row_number is null
),
numbered as (
    select
        l.service, l.net, l.area,
        coalesce(
            (
                select min(d.row_number)
                from duty as d
                where d.area = l.area and d.service = l.service
                    and d.net is not distinct from l.net and d.valid_to is null
            ),
            nextval('duty_row_number')
        ) as number
    from (select * from lacking order by net, area, service) as l
)
update duty
set row_number = numbered.number
from numbered
where duty.row_number is null
    and duty.service = numbered.service
    and duty.net is not distinct from numbered.net
    and duty.area is not distinct from numbered.area
