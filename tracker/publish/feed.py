"""Atom feeds of changes (RFC 4287).

The identity of an entry is its series and the commit that brought the change: neither better
numbers nor a commit measured later, before it, make old news new.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from tracker.model import Commit, History
from tracker.publish.svg import printable
from tracker.site_data.changes import NumberedChange
from tracker.site_data.commits import SHORT_SHA
from tracker.units import change as write_change
from tracker.units import quantity

ENTRIES = 100
_SINCE = "2026"  # RFC 4151: a date at which the authority of a tag: address was ours


def feed(history: History, changes: Sequence[NumberedChange], *, name: str, title: str) -> bytes:
    """Return the newest changes as a feed whose own file is *name*.

    Times are those of commits: publishing again never makes old news new.
    """
    project, commits = history.title, history.commits
    base = f"tag:{_authority(history.show_commit_url)},{_SINCE}:{_safe(project)}"
    entries = [_entry(base, commits, change) for change in changes[:ENTRIES]]
    updated = max((_time(commits[c.info.position]) for c in changes[:ENTRIES]), default="")
    newest = _time(commits[history.newest]) if history.newest >= 0 else "1970-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{base}/{name}</id><title>{_text(f'{project}: {title}')}</title>"
        f"<updated>{updated or newest}</updated>"
        f'<author><name>{_text(project)}</name></author><link rel="self" href="{name}"/>'
        '<link rel="alternate" type="text/html" href="index.html#/changes"/>\n'
        + "".join(entries)
        + "</feed>\n"
    ).encode()


def _entry(base: str, commits: Sequence[Commit], change: NumberedChange) -> str:
    info, series = change.info, change.row.judged.series
    after = commits[info.position]
    unit = series.metric.unit
    names = series.key.label
    if series.title == series.scenario:
        names = f"{series.scenario}, {series.library}, {series.metric.name}"
    nan = float("nan")
    size = write_change(nan if info.ratio is None else info.ratio)
    values = " to ".join(quantity(nan if v is None else v, unit) for v in (info.before, info.after))
    sha = after.sha[:SHORT_SHA]
    parts = (
        f"{series.key.benchmark} on {series.key.machine}: from {values} ({size}), {info.state},",
        f"at {sha}",
        after.subject,
        f"({after.author})" if after.author else "",
    )
    return (
        f"<entry><id>{base}/{series.id}/{sha}</id>"
        f"<title>{_text(f'{info.verdict.replace("_", " ")}: {names} {size}')}</title>"
        f"<updated>{_time(after)}</updated>"
        f'<link rel="alternate" type="text/html" href="change/{sha}.html#c-{series.id}"/>'
        f'<summary type="text">{_text(" ".join(filter(None, parts)))}</summary></entry>\n'
    )


def _authority(commit_url: str) -> str:
    return urlsplit(commit_url).hostname or "tracker.invalid"


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name)


def _time(commit: Commit) -> str:
    return datetime.fromtimestamp(commit.date_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    return escape(printable(text))
