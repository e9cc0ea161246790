"""The containers, read as they are written: no engine is needed to see that they fit together."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from geo.store.private.settings import settings
from tests.house.tree import ROOT, project


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return read


def build_lines() -> list[str]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_there_is_a_database_a_migration_and_the_program(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"db", "migrate", "app", "worker"}


def test_the_program_waits_for_the_migration_and_that_for_the_database(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    waits = services["app"]["depends_on"]
    assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_what_leaves_is_delivered_by_a_worker_that_has_time_to_finish(
    compose: dict[str, Any],
) -> None:
    app, worker = compose["services"]["app"], compose["services"]["worker"]
    assert worker["command"] == ["jingwei", "work"]
    assert "--no-work" in app["command"]
    assert worker["volumes"] == app["volumes"]
    assert worker["stop_grace_period"] == "30s"


def test_the_database_is_healthy_only_once_it_listens_on_the_network(
    compose: dict[str, Any],
) -> None:
    assert "--host=127.0.0.1" in compose["services"]["db"]["healthcheck"]["test"]


def test_its_server_plans_and_logs_as_the_program_s_own(compose: dict[str, Any]) -> None:
    told = dict(option[2:].split("=") for option in compose["services"]["db"]["command"][1:])
    own = settings(17, durable=True)
    of_the_image = {"listen_addresses", "unix_socket_permissions", "max_connections", "timezone"}
    assert told.keys() == own.keys() - of_the_image
    assert told == {name: own[name] for name in told} | {"shared_buffers": told["shared_buffers"]}


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    asked = compose["services"]["db"]["environment"]["POSTGRES_PASSWORD"]
    assert asked.startswith("${JINGWEI_DB_PASSWORD:?")
    url = compose["services"]["app"]["environment"]["JINGWEI_DATABASE_URL"]
    assert re.fullmatch(
        r"postgresql://jingwei:\$\{JINGWEI_DB_PASSWORD:\?[^}]+\}@db:5432/jingwei", url
    )


def test_every_volume_that_is_used_is_declared(compose: dict[str, Any]) -> None:
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])


def test_the_port_is_open_on_this_machine_only(compose: dict[str, Any]) -> None:
    assert compose["services"]["app"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in compose["services"]["db"]


def test_the_image_runs_the_server_and_not_as_root() -> None:
    last = build_lines()
    assert 'CMD ["jingwei", "serve", "--host", "0.0.0.0", "--port", "8000"]' in last
    assert "USER jingwei" in last


def test_the_image_runs_a_python_that_the_package_supports() -> None:
    versions = re.findall(r"^FROM python:3\.(\d+)-slim", "\n".join(build_lines()), re.MULTILINE)
    assert len(set(versions)) == 1
    assert int(versions[0]) >= int(project()["project"]["requires-python"].rpartition(".")[2])


def test_everything_that_the_wheel_is_built_from_reaches_the_engine() -> None:
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    wheel = project()["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        "data",
        "pyproject.toml",
        "uv.lock",
        "hatch_build.py",
        "README.md",
    }
    assert {f"!{name}" for name in needed} <= set(sent)


def test_every_setting_may_stand_in_one_file_and_none_has_to(compose: dict[str, Any]) -> None:
    for name in ("migrate", "app", "worker"):
        assert compose["services"][name]["env_file"] == [{"path": ".env", "required": False}]


def test_the_image_keeps_backups_of_the_databases_version(compose: dict[str, Any]) -> None:
    major = compose["services"]["db"]["image"].partition(":")[2].partition("-")[0]
    assert any(f"postgresql-client-{major}" in line for line in build_lines())
