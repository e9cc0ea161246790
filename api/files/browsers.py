"""A page as a picture: taken by a browser of this machine, without a window and a network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from geo.errors import NoBrowserError
from geo.scratch import scratch

# Chromium and what is made of it; any of them takes pictures alike.
PROGRAMS: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "msedge", "chromium-headless-shell"),
)
_SIZE: Final = (1600, 1131)  # px: A4 across
_SCALE: Final = 2
_DPI: Final = 274.0  # of A4 across, of so many pixels
_PATIENCE_S: Final = 180
_FLAGS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-sync"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--virtual-time-budget=20000", f"--force-device-scale-factor={_SCALE}"),
    f"--window-size={_SIZE[0]},{_SIZE[1]}",
)


def picture(html: Path, png: Path) -> None:
    """Write what a page shows on A4 across as a PNG.

    Raises
    ------
    NoBrowserError
        When there is no browser, or it took no picture.
    """
    _taken(html, png, "png", ("--screenshot",))


def printed(html: Path, pdf: Path) -> None:
    """Write a page as a PDF, its sheets as its own style says: what is drawn stays sharp.

    Raises
    ------
    NoBrowserError
        When there is no browser, or it printed nothing.
    """
    plain = ("--print-to-pdf-no-header", "--no-pdf-header-footer")
    _taken(html, pdf, "pdf", (*plain, "--print-to-pdf"))


def print_out(png: Path, pdf: Path) -> None:
    """Write a picture as a PDF of one page, A4 across."""
    with Image.open(png) as drawn:
        drawn.convert("RGB").save(pdf, "PDF", resolution=_DPI)


def _taken(html: Path, target: Path, kind: str, flags: Sequence[str]) -> None:
    """Take what a page shows as a file of a kind; the last of the flags names where it goes."""
    program = _browser()
    if program is None:
        raise NoBrowserError(found=", ".join(PROGRAMS), html=html)
    with scratch() as folder:
        taken = folder / f"taken.{kind}"  # browsers look at the ending
        profile = f"--user-data-dir={folder}/profile"
        line = [program, *_FLAGS, profile, *flags[:-1], f"{flags[-1]}={taken}"]
        said = _run([*line, html.absolute().as_uri()])
        if not taken.exists():
            raise NoBrowserError(found=f"{program}: {said[-200:]}", html=html)
        shutil.copyfile(taken, target)


def _browser() -> str | None:
    named = os.environ.get("JINGWEI_CHROMIUM")
    return named or next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def _run(line: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 a program found by name, flags of ours
            line, capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr.strip()
