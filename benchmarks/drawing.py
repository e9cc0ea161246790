"""The page that draws a plan in Chromium: how long it opens, and how long a stroke takes.

    python -m benchmarks.drawing [--size city] [--home FOLDER] [--atoms 5000] [--rounds 5]

A data folder with a city (as of `benchmarks.tiles`); a draft of the subdistrict whose atoms are the
nearest to `--atoms` is begun unless there is one. "First": the server has not read the draft yet.
On a machine with other work trust the processor's time: the page's own process, painting and all.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from api.acting import COOKIE
from api.persons import holder
from api.proposals import atoms_of, propose
from benchmarks.chromium import Step, Watch, chromium, page_of, told
from benchmarks.databases import database
from benchmarks.intake import folder_of, served
from benchmarks.intake_servers import PERSON
from benchmarks.load import processor_seconds
from benchmarks.tiles import home_filled
from geo.rules import load_rules
from geo.store.database import Store, transaction
from geo.store.net.ground import barriers_of
from geo.store.planning import plans

MOVES: Final = 30
GOALS_MS: Final = {"opening, again": 1_000, "a move of the brush": 16}
READY: Final = """() => new Promise(done => {
  const frame = () => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)));
  const look = () => document.body?.dataset.ready === "draw"
    ? frame().then(() => done(performance.now())) : setTimeout(look, 2);
  look();
})"""
MOVED: Final = """([x, y]) => new Promise(done => {
  const at = document.elementFromPoint(x, y), began = performance.now();
  at.dispatchEvent(new PointerEvent("pointermove", {
    clientX: x, clientY: y, bubbles: true, pointerId: 1, buttons: 1, isPrimary: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""


class Drawn(NamedTuple):
    """A draft to be opened: its number, who draws it, and how many atoms it has."""

    plan: int
    person: str
    atoms: int


def drawn(store: Store, atoms: int) -> Drawn:
    """Return the draft whose atoms are the nearest to so many; one is begun where there is none."""
    nearest = text(
        "select p.id, p.scope, count(*) as n from plan as p join atom as a on a.plan = p.id"
        " where p.state = 'draft' group by p.id order by abs(count(*) - :n), p.id limit 1"
    )
    with transaction(store.owner, PERSON) as conn:
        found = conn.execute(nearest, {"n": atoms}).first()
    if found is None:
        return _begun(store, atoms)
    with transaction(store.owner, PERSON) as conn:
        return Drawn(int(found.id), holder(conn, "planner", str(found.scope)), int(found.n))


def _begun(store: Store, atoms: int) -> Drawn:
    sized = text(
        "select s.code from area as s join area as c on c.parent = s.code and c.net = 'admin'"
        " and c.valid_to is null join area as g on g.parent = c.code and g.net = 'grid'"
        " and g.valid_to is null join place as p on p.grid = g.code and p.kind = 'building'"
        " where s.net = 'admin' and s.kind = 'subdistrict' and s.valid_to is null"
        " group by s.code order by abs(count(*) - :n), s.code limit 1"
    )
    with transaction(store.owner, PERSON) as conn:
        scope = str(conn.execute(sized, {"n": atoms}).scalar_one())
        person = holder(conn, "planner", scope)
    with transaction(store.owner, person) as conn:
        ground = atoms_of(conn, scope)
        plan = plans.create(conn, net="grid", scope=scope, title="bench")
        lines = barriers_of(conn, scope)
        propose(conn, plan, ground, rules=load_rules(), seed=0, quality="draft", barriers=lines)
    return Drawn(plan, person, len(ground))


def opened(watch: Watch, address: str) -> Step:
    """Return what opening took, from the click on until all is painted."""
    watch.page.goto(address, wait_until="commit")
    step = watch.step(READY)
    return Step(step.clock, *watch.spent())


def stroke(watch: Watch) -> list[Step]:
    """Return what each move of the brush took, across the middle of the map."""
    watch.page.keyboard.press("b")
    box = watch.page.locator(".folium-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
    watch.page.mouse.move(x, y)
    watch.page.mouse.down()
    steps = [watch.step(MOVED, [x + 6 * n, y + n]) for n in range(1, MOVES)]
    watch.page.mouse.up()
    return steps


def main() -> None:
    """Run everything and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="city")
    options.add_argument("--home", type=Path)
    options.add_argument("--atoms", type=int, default=5_000)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with folder_of(asked.home) as home:
        store = home_filled(home, asked.size)
        found = drawn(store, asked.atoms)
        store.close()
        print(f"load {os.getloadavg()[0]:.1f}; draft {found.plan} of {found.atoms:,} atoms")
        for which, steps in measured(home, found, asked.rounds).items():
            told(which, steps, GOALS_MS.get(which))


def measured(home: Path, found: Drawn, rounds: int) -> dict[str, list[Step]]:
    """Return what openings and moves of the brush took, by what they are called."""
    steps: dict[str, list[Step]] = {}
    with served("ours", home, 1) as (port, process), chromium() as browser:
        for n in range(rounds + 1):
            before = processor_seconds(process) + processor_seconds(database(home))
            with page_of(browser) as watch:
                cookie = {"name": COOKIE, "value": found.person, "url": f"http://127.0.0.1:{port}"}
                watch.page.context.add_cookies([cookie])  # type: ignore[list-item]
                step = opened(watch, f"http://127.0.0.1:{port}/plans/{found.plan}/draw")
                steps.setdefault(f"opening, {'again' if n else 'first'}", []).append(step)
                spent = processor_seconds(process) + processor_seconds(database(home)) - before
                print(f"round {n}: server and database {spent:.2f} s of the processor")
                steps.setdefault("a move of the brush", []).extend(stroke(watch))
    return steps


if __name__ == "__main__":
    main()
