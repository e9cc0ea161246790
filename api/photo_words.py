"""Photos in words: where each was taken, beside the grid of its issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final = {
    "inside": ("照片在网格内", "taken in the grid"),
    "away": ("照片距网格 {away} 米", "taken {away} metres from the grid"),
    "unplaced": ("照片无位置", "the photo has no position"),
    "no_grid": ("没有网格可核对", "there is no grid to compare with"),
}


def photo_told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a photo, with where it was taken in words, and its address.

    >>> photo_told({"id": 7, "finding": "away", "away_m": 230.4})["zh"]
    '照片距网格 230 米'
    """
    away = round(row["away_m"] or 0)
    zh, en = (words.format(away=away) for words in _WORDS[row["finding"]])
    return {**row, "zh": zh, "en": en, "href": f"/api/photos/{row['id']}"}
