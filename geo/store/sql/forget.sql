-- Question: what is erased of issues whose words are to be forgotten?
-- In: ids; why. Out: one row: issues (how many were forgotten now), tasks (their ids), photos (names of files
--   that no row names any more but for those of these issues). Words, address, who reported, answers, photos, results
--   of tasks, what was said when called back and in each step are gone; an event of each says so.
-- Index used: the key of issue; event_subject, the key of said; answer's key, review_issue, task_issue, attachment_issue.
with gone as (
    update issue
    set text = '', address = '', reporter = null, located_as = null, located_score = null,
        given = null, forgotten_at = now()
    where id = any (cast(:ids as bigint[])) and forgotten_at is null
    returning id, path, merged_into
),
of_them as (
    select t.id from task as t join gone on gone.id = t.issue
),
answers as (
    delete from answer where issue in (select id from gone)
),
words as (
    update review set text = '' where issue in (select id from gone) and text <> ''
),
results as (
    update task set text = '', result = '', found = '' where id in (select id from of_them)
),
history as (
    delete from said
    where event in (
        select e.id
        from event as e
            join gone on e.subject in (gone.id::text, gone.merged_into::text)
        where e.noun = 'issue'
            and (e.subject = gone.id::text or e.detail -> 'merged' = to_jsonb(gone.id))
    )
),
photos as (
    delete from attachment
    where issue in (select id from gone) or task in (select id from of_them)
    returning id, stored
),
told as (
    insert into event (noun, subject, name, detail, path, person)
    select
        'issue', id::text, 'forget', jsonb_build_object('why', cast(:why as text)), path,
        coalesce(acting_person(), '')
    from gone
    order by id
)
select
    (select count(*) from gone) as issues,
    (select coalesce(array_agg(id order by id), '{}') from of_them) as tasks,
    (
        select coalesce(array_agg(distinct p.stored), '{}')
        from photos as p
        where not exists (
            select from attachment as a
            where a.stored = p.stored and a.id not in (select id from photos)
        )
    ) as photos
