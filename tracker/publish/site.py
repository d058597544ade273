"""Writes the site: data first, then the readable pages, and the page that names them all last."""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from tracker.errors import DataError
from tracker.model import JudgedHistory
from tracker.publish.feed import feed
from tracker.publish.folder import SiteFolder, open_folder
from tracker.publish.pages import Assets, Pages
from tracker.publish.svg import badge_svg
from tracker.report.site_data import SCHEMA_VERSION
from tracker.report.site_data_badges import make_badges
from tracker.report.site_data_build import NOTHING_EXTRA, Extras, SitePlan, plan_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did: files of the site, files written, old files removed."""

    files: int
    written: int
    removed: int


def publish(judged: JudgedHistory, out: Path, extras: Extras = NOTHING_EXTRA) -> Published:
    """Write the site of *judged* to *out*, touching only what changed.

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
            "make room or mend the permissions, and publish again: the old site is unharmed",
        ) from error


def _write(folder: SiteFolder, plan: SitePlan) -> Published:
    names, assets = _write_assets(folder)
    for planned in plan.files:
        folder.write_missing(planned.path, planned.make)
    needed = {*(planned.path for planned in plan.files), *names}
    pages = Pages(plan, assets)
    fixed = 0
    for path, data in pages.lists():
        folder.write_changed(path, data)
        needed.add(path)
    changed = dict(pages.changes())
    for name in folder.names("change", ".html"):
        path = f"change/{name}"
        if path not in changed:
            changed[path] = pages.withdrawn(name.removesuffix(".html"))
    for path, data in {**changed, **_feeds(plan), **_badges(plan)}.items():
        folder.write_changed(path, data)
        fixed += 1
    overview = pages.overview()
    pointer = msgspec.json.encode({"schema_version": SCHEMA_VERSION, "index": plan.index_path})
    folder.write_changed(".nojekyll", b"")
    folder.write_changed("latest.json", pointer)
    folder.write_changed("index.html", overview)
    build = hashlib.blake2b(overview + "\n".join(sorted(needed)).encode(), digest_size=8)
    removed = folder.finish(build.hexdigest(), needed)
    return Published(files=len(needed) + fixed + 3, written=folder.written, removed=removed)


def _write_assets(folder: SiteFolder) -> tuple[list[str], Assets]:
    """Copy the built front end; return the paths below the site, and the entries to load."""
    source = files("tracker.publish") / "assets"
    manifest = source / "manifest.json"
    if not manifest.is_file():
        raise DataError(
            "the front end of the site is not built",
            "run `npm ci && npm run build` in site/, or install a released wheel",
        )
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    paths: list[str] = []
    for item in sorted(source.iterdir(), key=_name):
        if item.name.startswith(("manifest", ".")) or not item.is_file():
            continue
        paths.append(f"assets/{item.name}")
        folder.write_missing(paths[-1], item.read_bytes)
    return paths, Assets(script=entries["script"], style=entries["style"], boot=entries["boot"])


def _name(item: Traversable) -> str:
    return item.name


def _feeds(plan: SitePlan) -> dict[str, bytes]:
    history = plan.judged.history
    worse = [change for change in plan.changes if change.info.verdict == "worse"]
    return {
        name: feed(history, changes, name=name, title=title)
        for name, title, changes in (
            ("feed.xml", "all changes", plan.changes),
            ("feed-worse.xml", "what got worse", worse),
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
