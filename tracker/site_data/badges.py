"""Badges: one for the project, one per library and one per scenario."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.model import Outcome, Series, Verdict
from tracker.site_data.newest_commit_answer import UNCLEAR
from tracker.site_data.series_table import SeriesSummary

GREY, RED, GREEN, ORANGE = "#6b7280", "#b42318", "#1a7f4b", "#9a6700"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says. `name` is safe in file names and addresses."""

    name: str
    label: str
    message: str
    color: str


def make_badges(rows: Sequence[SeriesSummary]) -> list[Badge]:
    """Return the badges; names that differ only in special characters share the first's.

    A benchmark that is no scenario has none of its own: there may be thousands.
    """
    badges = [_badge("status", "performance", rows)]
    badges += _badges_by(rows, "library", lambda series: series.library)
    ours = [row for row in rows if row.judged.series.title == row.judged.series.scenario]
    badges += _badges_by(ours, "scenario", lambda series: series.scenario)
    return list({badge.name: badge for badge in reversed(badges)}.values())[::-1]


def _badges_by(
    rows: Sequence[SeriesSummary], kind: str, group: Callable[[Series], str]
) -> list[Badge]:
    groups: dict[str, list[SeriesSummary]] = {}
    for row in rows:
        groups.setdefault(group(row.judged.series), []).append(row)
    names = filter(None, sorted(groups))
    return [_badge(f"{kind}-{slug(name)}", name, groups[name]) for name in names]


def slug(name: str) -> str:
    """Return *name* with everything but letters, digits, points and dashes replaced by dashes."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:60] or "unnamed"


def _badge(name: str, label: str, rows: Sequence[SeriesSummary]) -> Badge:
    worse = sum(row.judged.verdict is Verdict.WORSE for row in rows)
    better = sum(row.judged.verdict is Verdict.BETTER for row in rows)
    failed = sum(row.outcome is Outcome.FAILED for row in rows)
    clear = sum(row.judged.verdict not in UNCLEAR for row in rows)
    parts = [
        f"{count} {word}"
        for count, word in ((worse, "worse"), (failed, "failed"), (better, "better"))
        if count
    ]
    untold = len(rows) - clear
    color = RED if worse else ORANGE if failed else GREEN if 2 * clear > len(rows) else GREY
    if parts and not worse and untold:
        parts.append(f"{untold:,} cannot tell")
        color = ORANGE if failed else GREY if 4 * untold > len(rows) else color
    message = ", ".join(parts) or _quiet(clear, len(rows))
    return Badge(name=name, label=label[:60], message=message, color=color)


def _quiet(clear: int, series: int) -> str:
    """Say that nothing changed, and of how many series that is known."""
    if not clear:
        return "cannot tell" if series else "no results"
    return "no change" if clear == series else f"no change in {clear:,} of {series:,}"
