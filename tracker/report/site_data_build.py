"""From a judged history to the files of the site: what each is called and how it is made.

Names carry hashes of what the files are made of, so the writer makes only those it lacks.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec

from tracker.model import Commit, Floats, JudgedHistory, JudgedSeries, Outcome, Verdict
from tracker.report.site_data import (
    SCHEMA_VERSION,
    ChangeInfo,
    Counts,
    ExclusionInfo,
    Index,
    Method,
    Names,
    Score,
    ShiftInfo,
    Triage,
)
from tracker.report.site_data_badges import make_badges
from tracker.report.site_data_changes import (
    ListedChange,
    change_table,
    list_changes,
    recent_change,
    standing,
)
from tracker.report.site_data_columns import number
from tracker.report.site_data_commits import (
    commit_axis,
    commit_texts,
    environment_table,
    rows_of_values,
    values_file,
)
from tracker.report.site_data_libraries import NO_LIBRARIES, LibrariesFile
from tracker.report.site_data_run_values import RunFile
from tracker.report.site_data_runs import run_table
from tracker.report.site_data_series import TriageOf, changes_of, fingerprint, series_file
from tracker.report.site_data_table import (
    Row,
    make_finders,
    make_row,
    make_table,
    spark_pages,
    stable_order,
)
from tracker.report.triage import TriageRule, find_rule

RECENT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file to be: its path below the site's folder, and how its bytes are made."""

    path: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """Everything that the writer and the static pages need.

    Attributes:
        rows: one per series, in the order of the table.
        changes: newest first.
    """

    judged: JudgedHistory
    index: Index
    index_path: str
    files: tuple[PlannedFile, ...]
    rows: tuple[Row, ...]
    changes: tuple[ListedChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What is shown beside the judgement, all of it optional."""

    triage: Sequence[TriageRule] = ()
    today: date = date.min
    runs: Iterable[RunFile] = ()
    libraries: LibrariesFile = NO_LIBRARIES
    score: Score | None = None


NOTHING_EXTRA = Extras()


def plan_site(judged: JudgedHistory, extras: Extras = NOTHING_EXTRA) -> SitePlan:
    """Return the plan of the whole site; series files are made only when the writer asks."""
    history = judged.history
    newest = len(history.commits) - 1
    rows = [make_row(one, newest) for one in stable_order(judged.series)]
    triage = decide(judged.series, history.commits, extras)
    infos = [changes_of(row.judged, triage) for row in rows]
    prints = [fingerprint(row.judged, info) for row, info in zip(rows, infos, strict=True)]
    files = [
        _series(row.judged, info, name) for row, info, name in zip(rows, infos, prints, strict=True)
    ]
    values, values_names = _values(rows, len(history.commits))
    runs, run_names = _runs(extras.runs)
    changes = list_changes(rows, infos)
    single = {
        "table": make_table(rows),
        "commits": commit_axis(history.commits),
        "commit_texts": commit_texts(history.commits, values_names),
        "changes": change_table(changes),
        "environments": environment_table(history.environments),
        "runs": run_table(run_names, [commit.sha for commit in history.commits]),
        "libraries": extras.libraries,
    }
    planned = {name: named(name, one) for name, one in single.items()}
    sparks = [named("sparks", page) for page in spark_pages(rows)]
    finders = [named("finder", one) for one in make_finders(rows, prints)]
    names = Names(
        sparks=[one.path for one in sparks],
        finders=[one.path for one in finders],
        **{name: one.path for name, one in planned.items()},
    )
    index = make_index(judged, rows, changes, names, extras.score)
    index_file = named("index", index)
    return SitePlan(
        judged=judged,
        index=index,
        index_path=index_file.path,
        files=(*files, *values, *runs, *planned.values(), *sparks, *finders, index_file),
        rows=tuple(rows),
        changes=tuple(changes),
    )


def named(name: str, content: msgspec.Struct) -> PlannedFile:
    """Return a file named by the hash of its contents."""
    data = msgspec.json.encode(content)
    return PlannedFile(path=f"data/{name}-{content_hash(data)}.json", make=lambda: data)


def content_hash(data: bytes) -> str:
    """Return ten hex digits that stand for *data* in a file name."""
    return hashlib.blake2b(data, digest_size=5).hexdigest()


def _series(judged: JudgedSeries, info: list[ChangeInfo], name: str) -> PlannedFile:
    return PlannedFile(
        path=f"data/series/{judged.series.id}-{name}.json",
        make=lambda: msgspec.json.encode(series_file(judged, info)),
    )


def _values(rows: Sequence[Row], commits: int) -> tuple[list[PlannedFile], list[str]]:
    files: list[PlannedFile] = []
    names = [""] * commits
    for position, row in rows_of_values([one.judged.series for one in rows], commits):
        names[position] = content_hash(b"%d:%d:" % (SCHEMA_VERSION, position) + row.tobytes())
        files.append(
            PlannedFile(
                path=f"data/values/{position}-{names[position]}.json",
                make=partial(_encode_values, position, row.copy()),
            )
        )
    return files, names


def _encode_values(position: int, values: Floats) -> bytes:
    return msgspec.json.encode(values_file(position, values))


def _runs(runs: Iterable[RunFile]) -> tuple[list[PlannedFile], list[tuple[RunFile, str]]]:
    files: list[PlannedFile] = []
    names: list[tuple[RunFile, str]] = []
    for run in runs:
        data = msgspec.json.encode(run)
        name = content_hash(data)
        files.append(PlannedFile(path=f"data/runs/{name}.json", make=partial(bytes, data)))
        names.append((run, name))
    return files, names


def decide(series: Iterable[JudgedSeries], commits: Sequence[Commit], extras: Extras) -> TriageOf:
    """Return what the triage rules say of each change point."""
    found: TriageOf = {}
    if not extras.triage:
        return found
    for one in series:
        for item in one.changes:
            position = int(one.series.positions[item.change.index])
            rule = find_rule(
                extras.triage,
                benchmark=one.series.key.benchmark,
                metric=one.series.metric.name,
                commit=commits[position].sha,
                today=extras.today,
            )
            if rule:
                found[one.series.id, position] = Triage(
                    action=rule.action.value, sentence=rule.sentence
                )
    return found


def make_index(
    judged: JudgedHistory,
    rows: Sequence[Row],
    changes: Sequence[ListedChange],
    names: Names,
    score: Score | None,
) -> Index:
    """Return the first file."""
    history = judged.history
    newest = history.commits[-1] if history.commits else None
    return Index(
        schema_version=SCHEMA_VERSION,
        project=history.project,
        show_commit_url=history.show_commit_url,
        newest_position=len(history.commits) - 1,
        newest_sha=newest.sha if newest else "",
        newest_date_s=newest.date_ms // 1000 if newest else 0,
        newest_subject=newest.subject if newest else "",
        newest_tags=list(newest.tags) if newest else [],
        counts=_counts(rows),
        libraries=list(dict.fromkeys(row.judged.series.library for row in rows)),
        recent=[recent_change(change, history.commits) for change in standing(changes)[:RECENT]],
        names=names,
        badges=[badge.name for badge in make_badges(rows)],
        method=Method(
            series=len(rows),
            points=sum(int(row.judged.series.values.size) for row in rows),
            samples=sum(int(row.judged.series.samples.size) for row in rows),
            commits=len(history.commits),
            changes=len(changes),
            expected_false_alarms=number(judged.expected_false_alarms, 2),
            notes=list(history.notes),
            excluded=[
                ExclusionInfo(what=e.what, why=e.why, count=e.count, example=e.example)
                for e in history.excluded
            ],
            shifts=[
                ShiftInfo(
                    machine=s.machine,
                    environment=s.environment,
                    position=s.position,
                    ratio=number(s.ratio, 4),
                    series_affected=s.series_affected,
                )
                for s in judged.shifts
            ],
            score=score,
        ),
    )


def _counts(rows: Sequence[Row]) -> Counts:
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
        measured=by_outcome[Outcome.MEASURED],
        failed=by_outcome[Outcome.FAILED],
        unsupported=by_outcome[Outcome.UNSUPPORTED],
    )
