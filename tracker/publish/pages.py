"""The pages that are readable without JavaScript: overview, all series, each changed commit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from math import isfinite, nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.model import Commit, Outcome, SeriesKey
from tracker.model.metric_titles import metric_title
from tracker.publish.svg import SPARK_WIDTH, spark_path
from tracker.site_data.build import SitePlan
from tracker.site_data.changes import NumberedChange
from tracker.site_data.commits import SHORT_SHA
from tracker.site_data.rounding import number
from tracker.site_data.schema import Answer, EventBrief
from tracker.site_data.series_table import SeriesSummary
from tracker.site_data.sparklines import sparkline
from tracker.units import change as write_change
from tracker.units import count, quantity, share

ROWS_ON_OVERVIEW = 32
ROWS_ON_PAGE = 250
FIRST_ROWS = 14
"""Before the others of a page, on a narrow screen."""
FIRST_CHANGES = 6
MOST_SUSPECTS = 50
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
VERDICT_WORDS = {
    "worse": "worse", "better": "better", "suspected": "suspected", "no_change": "no change",
    "cannot_tell": "cannot tell",
}  # fmt: skip
ENDED = {"undone": "over by now", "unmeasured": "no longer measured"}
AFTER_DOTS = re.compile(r"(?<=[./])")
BETWEEN_WORDS = re.compile(r"(?<=_)|(?<=[a-z])(?=[A-Z])")
LONG_PART = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Names of the built files below `assets/`."""

    script: str
    style: str
    boot: str


class Pages:
    """Renders pages of one plan; every value is escaped by the template engine."""

    def __init__(self, plan: SitePlan, assets: Assets) -> None:
        """Prepare the templates; numbers are rounded first as in the data that the app writes."""
        self._plan = plan
        self._history = plan.judged.history
        keys = [row.judged.series.key for row in plan.rows]
        self._changed = {change.info.position for change in plan.changes}
        self._commit = cache(self._describe_commit)  # many pages have the same suspects
        self._many_environments = len({key.environment for key in keys}) > 1
        self._engine = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._engine.filters["pieces"] = pieces
        self._engine.globals.update({
            "policy": POLICY, "assets": assets, "project": self._history.title,
            "index": plan.index, "index_path": plan.index_path, "words": VERDICT_WORDS,
            "first_rows": FIRST_ROWS, "first_changes": FIRST_CHANGES,
            "spark_width": SPARK_WIDTH, "list_pages": self.list_pages,
            "many_places": len(set(map(self._place, keys))) > 1,
            "many_libraries": len(set(filter(None, plan.index.libraries))) > 1,
        })  # fmt: skip
        pieces_of_rows = self._engine.get_template("pieces.html.j2").module
        for name in ("verdict", "broken"):
            self._engine.globals[name] = cache(getattr(pieces_of_rows, name))

    @property
    def list_pages(self) -> int:
        """How many pages the list of all series has."""
        return max(1, -(-len(self._plan.rows) // ROWS_ON_PAGE))

    def overview(self) -> bytes:
        """Return `index.html`: the state, the most urgent events, the worst series."""
        return self._render(
            "index.html.j2", top="", judgement=judgement(self._plan.index.answer),
            rows=[self._row(i, drawn=True) for i in self._plan.order[:ROWS_ON_OVERVIEW]],
            events=[self._event(one) for one in self._plan.index.events],
        )  # fmt: skip

    def lists(self) -> Iterator[tuple[str, bytes]]:
        """Yield the pages of the list of all series, worst first."""
        for first in range(0, self.list_pages * ROWS_ON_PAGE, ROWS_ON_PAGE):
            rows = [self._row(i, drawn=False) for i in self._plan.order[first:][:ROWS_ON_PAGE]]
            name = first // ROWS_ON_PAGE + 1
            page = self._render("list.html.j2", top="../", rows=rows, number=name)
            yield f"list/{name}.html", page

    def changes(self) -> Iterator[tuple[str, bytes]]:
        """Yield one page per commit that changed something."""
        for position, group in groupby(self._plan.changes, key=lambda c: c.info.position):
            commit, numbered = self._history.commits[position], list(group)
            page = self._render(
                "change.html.j2", top="../", commit=self._commit(commit),
                changes=[self._change(change) for change in numbered],
                suspects=[self._commit(one) for one in self._suspects(numbered)], standing=True,
            )  # fmt: skip
            yield f"change/{commit.sha[:SHORT_SHA]}.html", page

    def _suspects(self, changes: Sequence[NumberedChange]) -> list[Commit]:
        """Return the commits with one of which each of *changes* came, where more than one may be.

        Their order is that of the history; of a change they are `MOST_SUSPECTS` at most.
        """
        ranges = [(one.info.earliest, one.info.latest + 1) for one in changes]
        positions = {
            position
            for first, end in ranges
            if end - first > 1
            for position in range(first, min(end, first + MOST_SUSPECTS))
        }
        return [self._history.commits[position] for position in sorted(positions)]

    def withdrawn(self, sha: str) -> bytes:
        """Return the page of a commit whose changes do not stand any more; old links still work."""
        known = next((c for c in self._history.commits if c.sha.startswith(sha)), None)
        commit = self._commit(known) if known else SimpleNamespace(sha=sha, short=sha, tags=())
        return self._render(
            "change.html.j2", top="../", commit=commit, changes=[], suspects=[],
            standing=False,
        )  # fmt: skip

    def _render(self, template: str, **values: object) -> bytes:
        text = self._engine.get_template(template).render(**values)
        return text.encode("utf-8", "replace")

    def _describe_commit(self, commit: Commit) -> SimpleNamespace:
        return SimpleNamespace(
            sha=commit.sha,
            short=commit.sha[:SHORT_SHA],
            author=commit.author,
            subject=commit.subject,
            tags=commit.tags,
            date=day(commit),
            url=safe_url(self._history.show_commit_url, commit.sha),
        )

    def _row(self, i: int, *, drawn: bool) -> SimpleNamespace:
        row = self._plan.rows[i]
        series = row.judged.series
        line = sparkline(series.values, series.positions, row.changed_at).line if drawn else ""
        return SimpleNamespace(
            **self._names(row),
            value=quantity(_or_nan(number(row.value)), series.metric.unit),
            change=write_change(_or_nan(number(row.ratio))) if isfinite(row.ratio) else "",
            verdict=row.judged.verdict.value,
            failed=row.outcome is Outcome.FAILED,
            far_out=_far_out(row.judged.far_out),
            path=spark_path(line),
            detectable=_at_least(row.judged.minimum_detectable_effect),
        )

    def _event(self, event: EventBrief) -> SimpleNamespace:
        commit = self._history.commits[event.commit.position]
        return SimpleNamespace(
            **self._names(self._plan.rows[event.rows[0]]),
            verdict=event.verdict,
            direction=event.direction,
            kind=event.kind,
            change=write_change(_or_nan(event.ratios[0])),
            others=event.series - 1,
            among_others=_among(*event.ratios[1:]),
            commit=self._commit(commit),
            has_page=event.commit.position in self._changed,
            standing=_standing(event),
        )

    def _change(self, change: NumberedChange) -> SimpleNamespace:
        info, series = change.info, change.row.judged.series
        unit = series.metric.unit
        commits = self._history.commits
        return SimpleNamespace(
            **self._names(change.row),
            info=info,
            verdict=info.verdict,
            before=quantity(_or_nan(info.before), unit),
            after=quantity(_or_nan(info.after), unit),
            change=write_change(_or_nan(info.ratio)),
            low=write_change(_or_nan(info.ratio_low)),
            high=write_change(_or_nan(info.ratio_high)),
            commit=self._commit(commits[info.position]),
            suspects=info.latest - info.earliest + 1,
            first=self._commit(commits[info.earliest]),
            last=self._commit(commits[info.latest]),
        )

    def _names(self, row: SeriesSummary) -> dict[str, Any]:
        series = row.judged.series
        return {
            "id": series.id,
            "scenario": self._plan.index.scenario_titles.get(series.title) or series.title,
            "library": series.library,
            "metric": metric_title(series.metric.name),
            "machine": series.key.machine,
            "environment": series.key.environment,
            "place": self._place(series.key),
            "benchmark": series.key.benchmark,
            "params": [f"{k}={v}" for k, v in series.key.params if k != "library"],
        }

    def _place(self, key: SeriesKey) -> str:
        return f"{key.machine}, {key.environment}" if self._many_environments else key.machine


def pieces(name: str) -> list[str]:
    """Return the pieces of a benchmark's name between which it may be broken, as the app has them.

    >>> pieces("vector.Cases.time_of_all_that_is_long")
    ['vector.', 'Cases.', 'time_', 'of_', 'all_', 'that_', 'is_', 'long']
    """
    parts = AFTER_DOTS.split(name)
    words = (BETWEEN_WORDS.split(part) if len(part) > LONG_PART else [part] for part in parts)
    return [word for group in words for word in group if word]


def judgement(answer: Answer) -> str:
    """Say what the newest commit did, as the app does; goes on with "than the commit before"."""
    last = answer.last
    if last.worse:
        return f"worse in {count(last.worse, 'event')}"
    if last.suspected:
        return f"perhaps worse in {count(last.suspected, 'event')}, nothing surely worse"
    unclear = 2 * answer.clear < answer.series
    return "cannot tell whether it is slower" if unclear else "nothing found worse"


def _among(least: float | None, most: float | None) -> str:
    """Return between which changes others lie, "" where none has one."""
    ends = [write_change(ratio) for ratio in (least, most) if ratio is not None]
    return " to ".join(dict.fromkeys(ends))


def _standing(event: EventBrief) -> str:
    if event.fate in ENDED:
        return ENDED[event.fate]
    later = event.points_since - 1
    return f"still there {count(later, 'measured commit')} later" if later else "no commit since"


def _or_nan(value: float | None) -> float:
    return nan if value is None else value


def _far_out(ratio: float | None) -> str:
    return "" if ratio is None else write_change(_or_nan(number(ratio)))


def _at_least(step: float) -> str:
    return f"≥ {share(_or_nan(number(step, 3)))}" if isfinite(step) else ""


def day(commit: Commit) -> str:
    """Return the day of a commit, in UTC."""
    return datetime.fromtimestamp(commit.date_ms // 1000, UTC).strftime("%Y-%m-%d")


def safe_url(base: str, sha: str) -> str:
    """Return the address of a commit, "" when the project's address is not of the web."""
    return base + sha if base.startswith(("https://", "http://")) else ""
