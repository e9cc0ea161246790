"""What a server keeps for good is not searched for garbage again, and garbage still is."""

from __future__ import annotations

import gc
from pathlib import Path

from api.settling import give_back, settle


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


def test_memory_between_what_is_kept_goes_back_to_the_machine() -> None:
    held = [bytearray(2000) for _ in range(40_000)]
    kept, before = held[::100], resident_mb()
    del held
    give_back()
    assert resident_mb() < before - 40, "of 80 MB nearly all"
    assert len(kept) == 400


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
