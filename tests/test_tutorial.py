"""The tutorial's commands are run, in order, in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_of_the_tutorial_works_in_an_empty_folder(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("t")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "JINGWEI_HOME": str(folder / "home")}
    environment.pop("JINGWEI_DATABASE_URL", None)
    try:
        for command in commands(ROOT / "docs" / "tutorial.md"):
            done = subprocess.run(  # noqa: S602 the commands are the project's own page
                command,
                shell=True,
                check=False,
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
    finally:
        subprocess.run(["jingwei", "db", "stop"], cwd=folder, env=environment, check=False)  # noqa: S607
