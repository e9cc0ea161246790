"""Kinds of finding have names for people."""

from __future__ import annotations

from geo.load.defects import DEFECT_KINDS
from geo.load.findings import KINDS
from geo.load.titles import TITLES, title_of


def test_every_defect_has_a_name_and_no_name_is_left_over() -> None:
    assert {kind.code for kind in DEFECT_KINDS} <= set(TITLES) <= set(KINDS)


def test_a_kind_without_a_name_is_called_by_its_slug() -> None:
    assert title_of("new-kind").zh == "new-kind"
