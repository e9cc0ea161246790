-- Question: how much waits for the acting person's own parties, by what is owed and where?
-- In: nothing but who acts. Out: owes, subdistrict, subdistrict_name, n; as inbox.sql says it.
-- Index used: those of inbox.sql.
select owes, subdistrict, subdistrict_name, count(*) as n
from ({inbox}) as found
group by owes, subdistrict, subdistrict_name
order by subdistrict nulls last, owes
