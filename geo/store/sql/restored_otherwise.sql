-- Question: does each table hold what was dumped? A fault that names those that do not, else nothing.
-- In: jingwei.dumped, a setting of the transaction: rows and hash by table, as JSON. Out: nothing.
-- Index used: none; every row is read.
do $otherwise$
declare
    told constant jsonb := current_setting('jingwei.dumped')::jsonb;
    asked constant text := 'select jsonb_build_array(count(*), coalesce(sum('
        'hashtextextended(t::text, 0)::numeric), 0)::text) from only %s as t';
    each record;
    found jsonb;
    other text[] := '{}';
begin
    for each in
        select named, c.oid::regclass as place
        from jsonb_object_keys(told) as named
            left join (pg_class as c join pg_namespace as n on n.oid = c.relnamespace)
                on format('%I.%I', n.nspname, c.relname) = named and c.relkind = 'r'
        order by named
    loop
        found := null;
        if each.place is not null then
            execute format(asked, each.place) into found;
        end if;
        if found is distinct from told -> each.named then
            other := other || each.named;
        end if;
    end loop;
    if other <> '{}' then
        raise exception 'restored otherwise: %', array_to_string(other, ', ');
    end if;
end
$otherwise$;
