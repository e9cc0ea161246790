"""Which open issues nearby may be the one that is being entered: the likeliest first."""

from __future__ import annotations

from typing import Final

import pandas as pd
from rapidfuzz.fuzz import partial_ratio, token_set_ratio

# What each likeness weighs; together 1. Own figures: near and of the same words is the same matter.
_NEAR: Final = 0.4
_WORDS: Final = 0.3
_SERVICE: Final = 0.2
_ADDRESS: Final = 0.1


def likely_first(
    nearby: pd.DataFrame, *, metres: float, text: str = "", address: str = "", service: str | None
) -> pd.DataFrame:
    """Return issues nearby with `likeness` (0 to 1) and `same_service`, the likeliest first.

    Parameters
    ----------
    nearby
        Open issues: `metres` (from the point entered), `text`, `address`, `service`; any others.
    metres
        How far apart is far.
    text, address, service
        What is being entered; blank or None where it is not known yet.

    >>> there = pd.DataFrame({"metres": [80.0, 5.0], "text": ["垃圾堆满", "路灯不亮"],
    ...                       "address": ["", ""], "service": ["a", "a"]})
    >>> likely_first(there, metres=100.0, text="路灯坏了不亮", service="a")["text"].tolist()
    ['路灯不亮', '垃圾堆满']
    """
    near = 1.0 - (nearby["metres"].astype("float64") / max(metres, 1.0)).clip(0.0, 1.0)
    same = nearby["service"].eq(service).fillna(value=False) if service else near * 0.0
    words = _alike(nearby["text"], text)
    places = _alike(nearby["address"], address)
    told = near * _NEAR + words * _WORDS + same.astype("float64") * _SERVICE + places * _ADDRESS
    ranked = nearby.assign(likeness=told.round(3), same_service=same.astype(bool))
    return ranked.sort_values("likeness", ascending=False, kind="stable", ignore_index=True)


def _alike(texts: pd.Series, text: str) -> pd.Series:
    """Return how alike texts are to one, from 0 to 1."""
    if not text.strip():
        return pd.Series(0.0, index=texts.index)
    return texts.fillna("").map(
        lambda other: (
            max(partial_ratio(text, other), token_set_ratio(text, other)) / 100.0 if other else 0.0
        )
    )
