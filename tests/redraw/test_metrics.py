from __future__ import annotations

import math

import numpy as np
import pandas as pd

from geo.atoms import Borders
from geo.metrics import METRICS, in_band, measures, moved_households, pieces, successors
from geo.rules import Band

BAND = Band(300, 500, 400)


def test_metrics_are_named_once_and_say_which_way_is_better() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert set(measures(np.array([400.0]), np.array([0.7]), BAND)) <= {m.name for m in METRICS}


def test_without_a_band_every_load_is_in_band() -> None:
    assert in_band(np.array([0.0, 9e9]), None).all()


def test_measures_cope_with_empty_grids() -> None:
    figures = measures(np.array([0.0, 0.0]), np.array([0.5, 0.5]), BAND)
    assert figures["most_over_least"] == math.inf
    assert figures["deviation"] == 0.0
    figures = measures(np.array([200.0, 400.0]), np.array([0.5, 0.7]), BAND)
    assert (figures["most_over_least"], figures["grids"]) == (2.0, 2.0)


def test_moved_households_match_new_grids_to_old_ones_whatever_their_names() -> None:
    old = pd.Series(["a", "a", "b", "b", None])
    new = pd.Series([7, 7, 3, 7, 3])
    weight = pd.Series([10.0, 10.0, 10.0, 4.0, 99.0])
    assert moved_households(old, new, weight) == 4.0
    assert moved_households(pd.Series([None, None]), new[:2], weight[:2]) == 0.0


def test_pieces_count_what_is_beyond_one_each() -> None:
    borders = Borders(np.array([0, 1, 2]), np.array([1, 2, 3]), np.ones(3))
    assert pieces(np.array([0, 0, 1, 1]), borders) == 0
    assert pieces(np.array([0, 1, 0, 1]), borders) == 2
    assert pieces(np.zeros(0, np.int64), borders.where(np.zeros(3, np.bool_))) == 0


def test_nobody_succeeds_without_households() -> None:
    table = pd.DataFrame({"new": ["x"], "old": ["a"], "households": [0]})
    assert successors(table).empty
    assert successors(table.iloc[:0]).empty
