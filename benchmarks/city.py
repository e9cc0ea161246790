"""The page of the whole city in Chromium: its first frame, zoom steps, a change of colours.

    python -m benchmarks.city [--size city] [--home FOLDER] [--rounds 5]

A city is made and imported into a data folder of its own (or that of `--home` is used, as of
`benchmarks.tiles`). "First": tiles are made as they are asked for; "again": the server has them,
the browser has nothing. Zooming in goes on at once, before the page can look ahead; "after a look"
each step waits until it has, as for whoever looks at the map for half a second. A step ends with
the frame after the last tile in view was painted, of the areas and of the ground under them. On a
machine with other work trust the processor's time: the page's own process, painting and all.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from benchmarks.chromium import Step, Watch, chromium, page_of, told
from benchmarks.databases import database
from benchmarks.intake import folder_of, served
from benchmarks.load import processor_seconds
from benchmarks.tiles import home_filled

ZOOMS: Final = range(10, 17)
GOALS_MS: Final = {
    "first frame": 2_000,
    "zoom in": 300,
    "zoom in after a look": 300,
    "zoom out": 300,
}
_FRAME: Final = "() => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))"
FIRST_FRAME: Final = f"""() => new Promise(done => {{
  const frame = {_FRAME};
  const look = () => document.body?.dataset.drawn
    ? frame().then(() => done(performance.now())) : setTimeout(look, 2);
  look();
}})"""
ZOOM: Final = f"""zoom => new Promise(done => {{
  const frame = {_FRAME}, began = performance.now();
  delete document.body.dataset.drawn;
  window.map_city.setZoom(zoom);
  const look = () => document.body.dataset.drawn === String(zoom)
    ? frame().then(() => done(performance.now() - began)) : setTimeout(look, 2);
  look();
}})"""
COLOURS: Final = f"""by => new Promise(done => {{
  const frame = {_FRAME}, began = performance.now();
  document.querySelectorAll(".city-panel [role=group] button")[by].click();
  frame().then(() => done(performance.now() - began));
}})"""


def opened(watch: Watch, address: str) -> Step:
    """Return what the first frame took, from the click on."""
    watch.page.goto(address, wait_until="commit")
    step = watch.step(FIRST_FRAME)
    process, script = watch.spent()
    watch.page.wait_for_selector("body[data-ready=city]")
    return Step(step.clock, process, script)


def looked_around(watch: Watch) -> dict[str, list[Step]]:
    """Return what zooming in took, zooming out again, and other colours."""
    inward = [watch.step(ZOOM, zoom) for zoom in ZOOMS]
    outward = [watch.step(ZOOM, zoom) for zoom in reversed(ZOOMS[:-1])]
    colours = [watch.step(COLOURS, by) for by in (0, 1, 0)]
    return {"zoom in": inward, "zoom out": outward, "colours": colours}


def looked_at(watch: Watch) -> dict[str, list[Step]]:
    """Return what zooming in took, each step once the page has the tiles of the next."""
    steps = []
    for zoom in ZOOMS:
        watch.page.wait_for_selector(f"body[data-ahead='{zoom}']")
        steps.append(watch.step(ZOOM, zoom))
    return {"zoom in after a look": steps}


def main() -> None:
    """Run everything and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="city")
    options.add_argument("--home", type=Path)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        home_filled(home, asked.size).close()
        print(f"load {os.getloadavg()[0]:.1f}")
        with served("ours", home, 1) as (port, process), chromium() as browser:
            rounds: dict[str, list[Step]] = {}
            for n in range(asked.rounds + 1):
                before = processor_seconds(process) + processor_seconds(database(home))
                with page_of(browser) as watch:
                    steps = {"first frame": [opened(watch, f"http://127.0.0.1:{port}/city")]}
                    steps |= looked_around(watch)
                with page_of(browser) as watch:
                    opened(watch, f"http://127.0.0.1:{port}/city")
                    steps |= looked_at(watch)
                after = processor_seconds(process) + processor_seconds(database(home))
                which = "again" if n else "first"
                print(f"round {n}: server and database {after - before:.2f} s of the processor")
                for name, each in steps.items():
                    rounds.setdefault(f"{name}, {which}", []).extend(each)
        for name, each in rounds.items():
            told(name, each, GOALS_MS.get(name.partition(",")[0]))


if __name__ == "__main__":
    main()
