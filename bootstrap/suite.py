"""The checks, the tests and the coverage gates: what must hold before anything is shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from bootstrap.environment import program
from bootstrap.progress import Step, did

# Room → the share of its lines and branches that the tests must reach, in per cent.
GATES: Final = {"geo": 95, "api": 90, "maps": 90}
# Compiled code cannot be measured; a second, small run without the compiler can.
_KERNELS: Final = "tests/kernels"
# Hypothesis' profile "ci": the same examples every time, no deadline a slow machine could miss.
_PYTEST: Final = (
    *("-p", "no:cacheprovider", "--hypothesis-profile=ci", "--durations=15", "--durations-min=1"),
)
# Counting lines takes some 40 % more processor time: `make cover` does it, `make test` does not.
_COUNTING: Final = ("--cov", "--cov-report=")

_FAULTS: Final = (
    "tests/faults",
    "tests/store/outbox/test_delivery.py",
    "tests/store/test_publication.py",
    "tests/store/test_access_matrix.py",
    *("-p", "no:cacheprovider"),
)

# Processes of the tests read what others have compiled, whatever is set around them: a fresh
# clone's tests take ten seconds to compile, and many of them start programs of their own.
_KEEPING: Final = {"PYTHONDONTWRITEBYTECODE": ""}

# One process a processor, each with a database server and a browser of its own; what goes together
# and what first, `tests/plugins/sharing.py` says: by number of tests the longest would come last.
_SIDE_BY_SIDE: Final = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")


def checks() -> list[Step]:
    """Return the checks of form, rules, types and architecture."""
    ruff = program("ruff")
    return [
        Step("格式", "format", [ruff, "format", "--check", "."]),
        Step("规则", "lint", [ruff, "check", "."]),
        Step("类型", "types", [program("mypy")]),
        Step("架构：谁可以引用谁", "architecture: who may import whom", [program("lint-imports")]),
    ]


def tests(browser: Path | None, *more: str) -> list[Step]:
    """Return the run of all tests and doctests, and one of the kernels without the compiler."""
    chromium = {"JINGWEI_CHROMIUM": str(browser)} if browser else {}
    around = {**_KEEPING, **chromium}
    line: list[str | Path] = [program("python"), "-m", "pytest", *_PYTEST, *more]
    off = {**around, "NUMBA_DISABLE_JIT": "1"}
    added = ("--cov-append",) if "--cov" in more else ()
    told = ("数值核心再测一次，不编译", "the kernels again, not compiled")
    return [
        Step("全部测试", "all tests", [*line, *_SIDE_BY_SIDE], around, shown=True),
        Step(*told, [*line, *added, _KERNELS], off, shown=True),
    ]


def cover(browser: Path | None) -> list[Step]:
    """Return the same runs with the lines counted that they reach, and the gates."""
    return [*tests(browser, *_COUNTING), *gates()]


def faults() -> list[Step]:
    """Return the faults at full size, and three days' traffic in nine minutes.

    Processes are killed, the database restarted, the network cut, the disk filled.
    """
    line: list[str | Path] = [program("python"), "-m", "pytest", *_FAULTS, "--durations=0", "-rP"]
    told = ("故障测试，全量", "faults at full size")
    hours: list[str | Path] = [program("python"), "-m", "benchmarks.day", "--eight-hours"]
    return [
        Step(*told, line, {"JINGWEI_FAULTS": "full"}, shown=True),
        Step(
            "三天各八小时的流量，各压成三分钟",
            "eight hours of traffic in three minutes, three times",
            hours,
            shown=True,
        ),
    ]


def licences() -> list[Step]:
    """Return the look at the licences of what is delivered."""
    line: list[str | Path] = [
        program("python"),
        "-m",
        "pytest",
        "-q",
        "tests/house/test_licences.py",
    ]
    return [Step("许可证", "licences", line)]


def gates() -> list[Step]:
    """Return the share of each room that the tests must reach; what they miss is printed."""
    coverage = program("coverage")
    return [
        Step(
            f"覆盖率 {room} ≥ {share}%",
            f"coverage of {room}, {share} % or more",
            [
                *(coverage, "report", f"--include={room}/*", f"--fail-under={share}"),
                *("--show-missing", "--skip-covered"),
            ],
            shown=True,
        )
        for room, share in GATES.items()
    ]


def passed(steps: list[Step]) -> bool:
    """Run all steps, whatever fails on the way, and close with one line that counts them."""
    failed = [step for step in steps if not did(step)]
    for step in failed:
        sys.stdout.write(f"✗ {step.zh} · {step.en}\n")
    sys.stdout.write(f"steps: {len(steps) - len(failed)} passed, {len(failed)} failed\n")
    sys.stdout.flush()
    return not failed
