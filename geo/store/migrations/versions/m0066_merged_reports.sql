-- Question: which issues were merged into one, over any number of steps, and are their reporters content?
-- In: issue, review. Out: merged_reports(which): their numbers, sources, and when their own reporter
--   last said that it is solved and will do (null: never, or not the last time); to whoever sees the
--   issue itself.
-- Index used: the index of issue by merged_into; review_issue.
create function merged_reports(which bigint)
    returns table (id bigint, source text, content_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive merged as (
        select i.id, i.source from issue as i where i.merged_into = which and acting_may_ask(which)
        union
        select i.id, i.source from issue as i join merged as m on i.merged_into = m.id
    )
    select m.id, m.source, said.content_at
    from merged as m
        left join lateral (
            select case when r.solved and r.satisfied then r.made_at end as content_at
            from review as r
            where r.issue = m.id and r.kind = 'call_back'
            order by r.id desc
            limit 1
        ) as said on true
    order by m.id;
end;

revoke all on function merged_reports(bigint) from public;
grant execute on function merged_reports(bigint) to jingwei_app;
