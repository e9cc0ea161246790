-- Question: who sees a link, and may so take it back, make it anew, or read what opens it?
-- In: link. Out: policy link_read: whoever dispatches where it leads today, and whose it is; not who made it
--   and dispatches there no more. A day's leads to where its worker has a duty.
-- Index used: link_pkey; duty_party.
drop policy link_read on link;
create policy link_read on link for select to jingwei_app
    using (
        party = (select acting_person())
        or case when kind = 'task' then path && (select duty_codes('{dispatcher}'))
            else sends_to(party) end
    );
