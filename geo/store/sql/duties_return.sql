-- Question: who held the duties on areas that a revision touched, before it, now that it is undone?
-- In: net, undone (the revision taken back), number (the one that takes it back); pg_temp.touched.
-- Out: duties that revisions opened there from `undone` on end; those held before are there again,
--   until the day on which they would have ended: not those whose day has come meanwhile.
-- Index used: duty_until; duty_place. Areas are one value, made first: in a join the rule of who may
--   write them would be asked of every duty there is.
update duty
set valid_to = greatest(valid_from, current_date), until = :number, held_to = valid_to
where net = :net and since >= :undone
    and (valid_to is null or valid_to > greatest(valid_from, current_date))
    and area = any (
        array(select code from pg_temp.touched union select old_code from pg_temp.touched)
    );
insert into duty (
    party, role, net, area, service, lead, full_time, valid_from, valid_to, since,
    row_number, basis, said
)
select
    party, role, net, area, service, lead, full_time, greatest(valid_from, current_date), held_to,
    :number, row_number, basis, said
from duty
where net = :net and until >= :undone and coalesce(since, 0) < :undone
    and area = any (
        array(select code from pg_temp.touched union select old_code from pg_temp.touched)
    )
    and (held_to is null or held_to > current_date)
on conflict do nothing
