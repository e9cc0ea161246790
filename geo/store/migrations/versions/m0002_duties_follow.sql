-- Question: which revision of its net opened a duty, and which ended it?
-- In: duty. Out: two columns, null where people did it; rights for who publishes.
-- Index used: duty_until, when a revision is taken back.
alter table duty add column since integer, add column until integer;
create index duty_until on duty (net, until) where until is not null;

grant insert, update (valid_to, until) on duty to jingwei_app;
-- Publishing moves duties on the areas it changes; posts over admin areas are not to be had so.
create policy duty_follow on duty for insert to jingwei_app
    with check (
        net <> 'admin' and since is not null
        and area in (select code from area where path && (select duty_codes('{approver}')))
    );
create policy duty_end on duty for update to jingwei_app
    using (
        net <> 'admin'
        and area in (select code from area where path && (select duty_codes('{approver}')))
    );
