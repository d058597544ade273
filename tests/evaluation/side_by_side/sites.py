"""Publishes one results tree three times: ours, asv's site, and asv-tachyon on top of asv's."""

import os
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# What asv's page loads from other hosts -> file of an npm package, or a file made from one here.
ELSEWHERE = {
    "jquery-3.3.1.min.js": "jquery/dist/jquery.min.js",
    "jquery.flot.min.js": "flot/jquery.flot.min.js",
    "jquery.flot.time.min.js": "flot/jquery.flot.time.min.js",
    "jquery.flot.selection.min.js": "flot/jquery.flot.selection.min.js",
    "jquery.flot.categories.min.js": "flot/jquery.flot.categories.min.js",
    "jquery.flot.orderBars.js": "flot-orderbars/js/jquery.flot.orderBars.js",
    "stupidtable.min.js": "stupid-table-plugin/stupidtable.min.js",
    "md5.min.js": "blueimp-md5/js/md5.min.js",
    "bootstrap.min.js": "bootstrap/dist/js/bootstrap.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
}
_FOREIGN = re.compile(r'(?:src|href)="(https://[^"]+/([^/"]+\.(?:js|css)))"[^>]*?(?=>)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A published site: where it lies, what publishing took, and what it is made of.

    Attributes:
        elsewhere: files that its pages load from other hosts; stand-ins of them are in `folder`.
    """

    name: str
    folder: Path
    cpu_s: float
    files: int
    disk_bytes: int
    elsewhere: int = 0


def prepare_peers(folder: Path) -> Path:
    """Install asv and asv-tachyon into an environment below *folder*; return its bin folder."""
    uv = str(Path(sys.executable).parent / "uv")
    lock = ROOT / "requirements/side-by-side.lock"
    python = folder / "peers/bin/python"
    _call([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "peers")], folder)
    sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
    _call([*sync, "--python", str(python), str(lock)], folder)
    return python.parent


def prepare_stand_ins(folder: Path) -> Path:
    """Install the npm packages of `ELSEWHERE` below *folder*; return their folder."""
    place = folder / "stand-ins"
    place.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, place)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    _call(npm, place)
    modules = place / "node_modules"
    for wanted in ELSEWHERE.values():
        if not (modules / wanted).is_file():  # flot is packed unminified
            source = modules / wanted.replace(".min.js", ".js")
            uglify = ["node", str(modules / "uglify-js/bin/uglifyjs"), str(source), "-c", "-m"]
            _call([*uglify, "-o", str(modules / wanted)], place)
    return modules


def publish_ours(tree: Path) -> Site:
    """Run `tracker publish` from nothing."""
    command = [sys.executable, "-m", "tracker", "publish", "--quiet"]
    command += ["--config", str(tree / "asv.conf.json"), "--out", str(tree / "ours")]
    return _site("tracker", tree / "ours", _cpu_of(command, tree))


def publish_asv(tree: Path, peers: Path, stand_ins: Path) -> Site:
    """Run `asv publish`, count what it wrote, and then bring in what it loads from elsewhere."""
    cpu_s = _cpu_of([str(peers / "asv"), "publish", "--no-pull"], tree)
    site = _site("asv publish", tree / "html", cpu_s)
    shutil.copytree(site.folder, tree / "tachyon")
    return bring_home(site, stand_ins)


def publish_tachyon(tree: Path, peers: Path, asv: Site) -> Site:
    """Run `asv-tachyon install` over a copy of what `asv publish` wrote."""
    folder = tree / "tachyon"
    command = [str(peers / "asv-tachyon"), "install", "--no-backup", str(folder)]
    return _site("asv-tachyon", folder, asv.cpu_s + _cpu_of(command, tree))


def bring_home(site: Site, stand_ins: Path) -> Site:
    """Let the pages of *site* load local copies of foreign files; the counts stay as published."""
    page = site.folder / "index.html"
    text = page.read_text(encoding="utf-8")
    found = [(match[1], match[2]) for match in _FOREIGN.finditer(text)]
    (site.folder / "elsewhere").mkdir()
    for address, name in found:
        shutil.copy(stand_ins / ELSEWHERE[name], site.folder / "elsewhere" / name)
        text = text.replace(address, f"elsewhere/{name}")
    page.write_text(re.sub(r' integrity="[^"]*"', "", text), encoding="utf-8")
    return Site(
        name=site.name, folder=site.folder, cpu_s=site.cpu_s, files=site.files,
        disk_bytes=site.disk_bytes, elsewhere=len(found),
    )  # fmt: skip


def _site(name: str, folder: Path, cpu_s: float) -> Site:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return Site(name=name, folder=folder, cpu_s=cpu_s, files=len(files), disk_bytes=size)


def _cpu_of(command: list[str], tree: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _call(command, tree)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _call(command: list[str], folder: Path) -> None:
    environment = os.environ | {"TRACKER_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    if command[0].endswith("/asv"):
        environment["HOME"] = str(folder)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(f"{done.stdout}{done.stderr}"[-2000:])
        raise subprocess.CalledProcessError(done.returncode, command)
