-- Question: how is the server set, as a session of this role finds it, and who set it so?
-- In: names of settings. Out: name, value (in its unit), unit, context (when a change counts), source
--   (where it was set), the database and the role; a setting this server does not know has no row.
-- Index used: none.
select name, setting as value, coalesce(unit, '') as unit, context, source,
    quote_ident(current_database()) as database, quote_ident(session_user::text) as role
from pg_settings
where name = any(:names)
order by name
