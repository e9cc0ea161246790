-- Question: which tasks are not to count in the rates, where must somebody be on the spot, and which
--   issue does the work of one that was merged?
-- In: task, issue. Out: task.appealed ('': nobody asked; asked, struck, dismissed);
--   merged_root(which): its number, state and path, for whoever sees the one that was merged.
-- Index used: task_appealed, for the ledger of appeals; task_awaited, for those who are late.
alter table task
    add column appealed text not null default '',
    add constraint task_appealed_known check (appealed in ('', 'asked', 'struck', 'dismissed'));
grant update (appealed) on task to jingwei_app;
create index task_appealed on task (id) where appealed = 'asked';
create index task_awaited on task (arrive_by) where arrive_by is not null and arrived_at is null;
create function merged_root(which bigint) returns table (id bigint, state text, path text[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive up as (
        select i.id, i.state, i.path, i.merged_into, 1 as steps from issue as i where i.id = which
        union all
        select i.id, i.state, i.path, i.merged_into, up.steps + 1
        from up join issue as i on i.id = up.merged_into
        where up.steps < 100
    )
    select up.id, up.state, up.path from up order by up.steps desc limit 1;
end;
revoke all on function merged_root(bigint) from public;
grant execute on function merged_root(bigint) to jingwei_app;
