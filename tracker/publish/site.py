"""Writes the site: data first, then the readable pages, and the page that names them all last."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tracker.errors import DataError
from tracker.model import JudgedHistory
from tracker.publish.feed import feed
from tracker.publish.folder import SiteFolder, open_folder
from tracker.publish.svg import badge_svg
from tracker.site_data.badges import make_badges
from tracker.site_data.build import NOTHING_EXTRA, Extras, SitePlan, plan_site
from tracker.site_data.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from tracker.publish.pages import Pages

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did: files of the site, files written, old files removed."""

    files: int
    written: int
    removed: int


def publish(judged: JudgedHistory, out: str | Path, extras: Extras = NOTHING_EXTRA) -> Published:
    """Write the site of *judged* to *out*, a folder or fsspec address, touching only what changed.

    The same input gives the same bytes. `index.html` is swapped last, so a reader sees the old
    site or the new one; files of the old one stay for a while (see `SiteFolder.finish`).
    """
    folder = open_folder(out)
    plan = plan_site(judged, extras)
    try:
        return _write(folder, plan)
    except OSError as error:
        raise DataError(
            f"cannot write the site to {out}: {error.strerror or error}",
            "free some space or fix the permissions, then publish again; the old site is unchanged",
        ) from error


def _write(folder: SiteFolder, plan: SitePlan) -> Published:
    """Write everything but what is there; a folder that holds this very build is left alone."""
    build = _build_of(plan)
    if folder.holds(build, (planned.path for planned in plan.files)):
        return Published(files=folder.count(), written=0, removed=0)
    from tracker.publish.pages import Assets, Pages  # late: the template engine is large

    names, entries = _write_assets(folder)
    files = {planned.path: planned.make for planned in plan.files}  # equal contents have one name
    for path, make in files.items():
        folder.write_missing(path, make)
    pages = Pages(plan, Assets(**entries))
    fixed = {**dict(pages.lists()), **_change_pages(folder, pages), **_feeds(plan), **_badges(plan)}
    fixed[".nojekyll"] = b""
    fixed["latest.json"] = msgspec.json.encode(
        {"schema_version": SCHEMA_VERSION, "index": plan.index_path}
    )
    for path, data in fixed.items():
        folder.write_changed(path, data)
    folder.write_changed("index.html", pages.overview())
    removed = folder.finish(build, {*(planned.path for planned in plan.files), *names, *fixed})
    return Published(files=folder.count(), written=folder.written, removed=removed)


def _build_of(plan: SitePlan) -> str:
    """Return a digest of the data, of the front end, and of the code that writes the pages."""
    digest = hashlib.blake2b(plan.index_path.encode(), digest_size=8)
    for folder in (_HERE, _HERE / "templates", _HERE / "assets", _HERE.parent / "report"):
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digest.update(path.read_bytes())
    digest.update((_HERE.parent / "units.py").read_bytes())
    return digest.hexdigest()


def _change_pages(folder: SiteFolder, pages: "Pages") -> dict[str, bytes]:
    """Return the page of every changed commit; those of an older build say what became of it."""
    made = dict(pages.changes())
    for name in folder.names("change", ".html"):
        if f"change/{name}" not in made:
            made[f"change/{name}"] = pages.withdrawn(name.removesuffix(".html"))
    return made


def _write_assets(folder: SiteFolder) -> tuple[list[str], dict[str, str]]:
    """Copy the built front end; return the paths below the site, and what to load, by `Assets`."""
    source = _HERE / "assets"
    manifest = source / "manifest.json"
    if not manifest.is_file():
        raise DataError(
            "the front end of the site is not built",
            "run `npm ci && npm run build` in site/, or install a released wheel",
        )
    entries: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    paths: list[str] = []
    for path in sorted(source.iterdir()):
        if path.name.startswith(("manifest", ".")) or not path.is_file():
            continue
        paths.append(f"assets/{path.name}")
        folder.write_missing(paths[-1], path.read_bytes)
    return paths, entries


def _feeds(plan: SitePlan) -> dict[str, bytes]:
    """Return the feeds; a change that is too small to matter is no news."""
    history = plan.judged.history
    told = [change for change in plan.changes if change.info.verdict != "no_change"]
    worse = [change for change in told if change.info.verdict == "worse"]
    return {
        name: feed(history, changes, name=name, title=title)
        for name, title, changes in (
            ("feed.xml", "all changes", told),
            ("feed-worse.xml", "regressions", worse),
        )
    }  # fmt: skip


def _badges(plan: SitePlan) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for badge in make_badges(plan.rows):
        endpoint = {
            "schemaVersion": 1, "label": badge.label, "message": badge.message,
            "color": badge.color,
        }  # fmt: skip
        made[f"badge/{badge.name}.json"] = msgspec.json.encode(endpoint)
        made[f"badge/{badge.name}.svg"] = badge_svg(badge)
    return made
