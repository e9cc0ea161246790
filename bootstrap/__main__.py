"""`python3 -m bootstrap COMMAND`: what the Makefile's targets run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bootstrap import audit, environment, machine, packages, suite
from bootstrap.cleaning import clean
from bootstrap.progress import Stopped, say, stop
from bootstrap.smoke import smoke as run_demo


def set_up(*, dev: bool, with_browser: bool = False, peers: bool = False) -> Path | None:
    """Install what is missing; return the browser for the tests, when it is wanted."""
    uv = environment.find_uv()
    packages.install_missing(with_browser=with_browser, for_uv=uv is None)
    if with_browser:
        packages.install_light_browser()
    environment.fill(uv or environment.made_uv(), dev=dev, peers=peers)
    if not with_browser:
        return None
    found = machine.browser() or environment.playwright_browser()
    return found or environment.fetch_browser(machine.becoming_root())


def prepare() -> None:
    """Set up what running needs."""
    set_up(dev=False)
    environment.compile_kernels()


def benchmarks() -> None:
    """Set up what benchmarks need: the program and its peers."""
    set_up(dev=True, peers=True)


def check() -> None:
    """Run the checks alone."""
    set_up(dev=True)
    _leave(passed=suite.passed(suite.checks()))


def test() -> None:
    """Run the checks and all tests."""
    browser = _set_up_for_tests()
    _leave(passed=suite.passed([*suite.checks(), *suite.tests(browser)]))


def cover() -> None:
    """Run all tests, counting the lines they reach, and hold the counts against the gates."""
    _leave(passed=suite.passed(suite.cover(_set_up_for_tests())))


def _set_up_for_tests() -> Path | None:
    browser = set_up(dev=True, with_browser=True)
    environment.compile_kernels()
    say("✓ 准备完毕", "everything is set up")
    return browser


def faults() -> None:
    """Run the faults at full size."""
    set_up(dev=True)
    environment.compile_kernels()
    _leave(passed=suite.passed(suite.faults()))


def licences_and_advisories() -> None:
    """Hold licences against the list, then ask for advisories: 0 none, 1 some, 3 nobody to ask."""
    set_up(dev=True)
    _leave(passed=suite.passed(suite.licences()))
    raise SystemExit(audit.audit(environment.find_uv() or environment.made_uv()))


def smoke() -> None:
    """Set up, so that only the demo itself is timed, then run it for a moment."""
    prepare()
    run_demo()


def _leave(*, passed: bool) -> None:
    if not passed:
        raise SystemExit(1)


COMMANDS: Final[dict[str, Callable[[], None]]] = {
    "setup": prepare,
    "benchmarks": benchmarks,
    "check": check,
    "test": test,
    "cover": cover,
    "faults": faults,
    "audit": licences_and_advisories,
    "smoke": smoke,
    "clean": clean,
}


def main() -> None:
    """Run the command that was named."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        stop(Stopped(f"命令：{'、'.join(COMMANDS)}", f"Commands: {', '.join(COMMANDS)}"))
    try:
        command()
    except Stopped as error:
        stop(error)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
