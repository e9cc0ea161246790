"""Kinds of finding have names for people."""

from __future__ import annotations

from geo.load.defects import COVERAGE_KINDS, POLYGON_KINDS
from geo.load.findings import KINDS
from geo.load.titles import TITLES, title_of


def test_every_defect_of_a_shape_has_a_name_and_no_name_is_left_over() -> None:
    named = {kind.code for kind in (*POLYGON_KINDS, *COVERAGE_KINDS)}
    assert named <= set(TITLES) <= set(KINDS)


def test_a_kind_without_a_name_is_called_by_its_slug() -> None:
    assert title_of("new-kind").zh == "new-kind"
