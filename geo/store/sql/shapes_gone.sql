-- Question: which shapes does no edition draw that may still be asked for?
-- In: hours since an edition was followed by the next, after which it may be no more.
-- Out: shape, without those. Index used: none; it follows on the making of an edition, which reads all.
delete from shape
where until <= (
        select max(number) from edition where made_at <= now() - make_interval(hours => :hours)
    )
