"""The first file of the site data: what there is, where it is, and how things stand."""

import re
from collections.abc import Sequence

from tracker.detect.policy import CONFIRM_POINTS
from tracker.judge import DEFAULT
from tracker.model import Event, EventKind, JudgedHistory, Outcome, Verdict
from tracker.model.metric_titles import metric_title
from tracker.site_data.badges import make_badges
from tracker.site_data.changes import NumberedChange
from tracker.site_data.guarantees import guarantees_of
from tracker.site_data.newest_commit_answer import Lead
from tracker.site_data.rounding import number
from tracker.site_data.schema import (
    SCHEMA_VERSION,
    Counts,
    ExclusionInfo,
    Index,
    Method,
    Names,
    Score,
    ShiftInfo,
)
from tracker.site_data.series_table import SeriesSummary

_SPELT = {"cpu": "CPU", "io": "I/O"}
_IDENTIFIER = re.compile("[a-z][a-z0-9_]*")


def make_index(
    judged: JudgedHistory,
    rows: Sequence[SeriesSummary],
    changes: Sequence[NumberedChange],
    names: Names,
    lead: Lead,
) -> Index:
    """Return the first file."""
    history = judged.history
    keys = [row.judged.series.key for row in rows]
    libraries = list(dict.fromkeys(row.judged.series.library for row in rows))
    newest = history.commits[history.newest] if history.newest >= 0 else None
    return Index(
        schema_version=SCHEMA_VERSION,
        project=history.title,
        show_commit_url=history.show_commit_url,
        newest_position=history.newest,
        newest_sha=newest.sha if newest else "",
        newest_date_s=newest.date_ms // 1000 if newest else 0,
        newest_subject=newest.subject if newest else "",
        newest_tags=list(newest.tags) if newest else [],
        answer=lead.answer,
        counts=_counts(rows),
        tracked=lead.tracked,
        places=len({(key.machine, key.environment) for key in keys}),
        libraries=libraries,
        guarantees=guarantees_of(libraries),
        scenario_titles=scenario_titles(judged, rows),
        events=lead.briefs,
        names=names,
        badges=[badge.name for badge in make_badges(rows)],
        method=_method(judged, len(changes), lead.score),
    )


def scenario_titles(judged: JudgedHistory, rows: Sequence[SeriesSummary]) -> dict[str, str]:
    """Return what people call the scenarios of libraries: as their records say, or in plain words.

    A benchmark without a library keeps its own name.
    """
    ours = {row.judged.series.title for row in rows if row.judged.series.library}
    plain = {name: _sentence(name) for name in sorted(ours) if _IDENTIFIER.fullmatch(name)}
    return plain | {one.scenario: one.title for one in judged.history.records if one.title}


def _sentence(name: str) -> str:
    words = " ".join(_SPELT.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def _counts(rows: Sequence[SeriesSummary]) -> Counts:
    by_verdict = {v: sum(row.judged.verdict is v for row in rows) for v in Verdict}
    current = [row for row in rows if row.judged.series.positions.size]
    newest = max((int(row.judged.series.positions[-1]) for row in current), default=-1)
    cells = [row for row in current if int(row.judged.series.positions[-1]) == newest]
    by_outcome = {o: sum(row.outcome is o for row in cells) for o in Outcome}
    return Counts(
        worse=by_verdict[Verdict.WORSE],
        better=by_verdict[Verdict.BETTER],
        no_change=by_verdict[Verdict.NO_CHANGE],
        cannot_tell=by_verdict[Verdict.CANNOT_TELL],
        suspected=by_verdict[Verdict.SUSPECTED],
        measured=by_outcome[Outcome.MEASURED],
        failed=by_outcome[Outcome.FAILED],
        unsupported=by_outcome[Outcome.UNSUPPORTED],
        far_out=sum(row.judged.far_out is not None for row in rows),
    )


def _method(judged: JudgedHistory, changes: int, score: Score | None) -> Method:
    history = judged.history
    return Method(
        series=len(judged.series),
        points=sum(one.series.values.size for one in judged.series),
        samples=sum(one.series.samples.size for one in judged.series),
        commits=len(history.commits),
        changes=changes,
        events=len(judged.events),
        expected_false_alarms=number(judged.expected_false_alarms, 2),
        false_discovery_rate=DEFAULT.false_discovery_rate,
        confirm_points=CONFIRM_POINTS,
        recent_points=DEFAULT.recent_points,
        notes=list(history.notes),
        excluded=[
            ExclusionInfo(what=e.what, why=e.why, count=e.count, example=e.example)
            for e in history.excluded
        ],
        shifts=[
            _shift(judged, event) for event in judged.events if event.kind is EventKind.MACHINE
        ],
        score=score,
    )


def _shift(judged: JudgedHistory, event: Event) -> ShiftInfo:
    """Return an event of the machine as the front end knows it."""
    members = [judged.series[member.series].series for member in event.members]
    key = members[0].key
    return ShiftInfo(
        machine=key.machine,
        environment=key.environment,
        position=event.position,
        metrics=list(dict.fromkeys(metric_title(one.metric.name) for one in members)),
        ratio=number(event.ratio),
        series_affected=len(event.members),
    )
