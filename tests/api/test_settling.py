"""What a server keeps for good is not searched for garbage again, and garbage still is."""

from __future__ import annotations

import gc

from api.settling import settle


def test_what_is_kept_is_left_out_of_the_search_and_later_garbage_is_not() -> None:
    kept: list[list[int]] = [[n] for n in range(1000)]
    settle()
    try:
        assert gc.get_freeze_count() >= len(kept)
        assert not any(each is kept for each in gc.get_objects())
        circle: list[object] = []
        circle.append(circle)
        del circle
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
