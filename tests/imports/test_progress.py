"""A step that takes long is shown while it lasts, where somebody is looking."""

from __future__ import annotations

import io

from rich.console import Console

from api.cli.progress import working


def test_a_terminal_is_shown_the_step_with_a_clock_and_its_file_as_it_is_named() -> None:
    seen = io.StringIO()
    with working(
        "读取 网格[旧].gpkg", "Reading", Console(file=seen, force_terminal=True, width=100)
    ):
        pass
    assert "读取 网格[旧].gpkg… Reading…" in seen.getvalue()
    assert "0:00:0" in seen.getvalue()


def test_a_log_is_told_nothing() -> None:
    seen = io.StringIO()
    with working("读取", "Reading", Console(file=seen, force_terminal=False)):
        pass
    assert seen.getvalue() == ""
