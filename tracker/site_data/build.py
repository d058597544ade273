"""From a judged history to the files of the site: what each is called and how it is made.

Names carry hashes of what the files are made of, so the writer makes only those it lacks.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec

from tracker.model import JudgedHistory
from tracker.model.explanation import Explanation
from tracker.model.run_record import RunRecord
from tracker.report.history.listed_changes import ListedEvent, event_rows
from tracker.settings.triage import TriageRule
from tracker.site_data.changes import NumberedChange, change_table, list_changes
from tracker.site_data.chart_matrix import make_matrix
from tracker.site_data.commits import (
    CommitValues,
    commit_axis,
    commit_texts,
    environment_table,
    pack_commits,
    values_pack,
)
from tracker.site_data.encoding import compress, encode
from tracker.site_data.events import event_ids, event_members, event_table
from tracker.site_data.index import make_index, scenario_titles
from tracker.site_data.libraries import libraries_files
from tracker.site_data.newest_commit_answer import Lead, event_briefs, make_answer
from tracker.site_data.run_files import run_file, run_table
from tracker.site_data.schema import (
    BRIEF_MEMBERS,
    SCHEMA_VERSION,
    ChangeInfo,
    EventBrief,
    EventExplanation,
    Front,
    Index,
    Matrix,
    Names,
    RunFile,
    Score,
    Table,
)
from tracker.site_data.series import changes_of, decide
from tracker.site_data.series_packs import Packed, encode_pack, fingerprint, make_packs
from tracker.site_data.series_table import (
    SeriesSummary,
    make_finders,
    make_table,
    spark_pages,
    stable_order,
    summarize,
    worst_first,
)
from tracker.site_data.table_parts import Reach, make_part, make_periods, make_ranked


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
        order: numbers of the rows, worst first.
        changes: newest first.
    """

    judged: JudgedHistory
    index: Index
    index_path: str
    files: tuple[PlannedFile, ...]
    rows: tuple[SeriesSummary, ...]
    order: tuple[int, ...]
    changes: tuple[NumberedChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What is shown beside the judgement, all of it optional."""

    triage: Sequence[TriageRule] = ()
    today: date = date.min
    score: Score | None = None


NOTHING_EXTRA = Extras()
_FEW_ROWS = 500  # whose table is as quick to read as a part of it
_FIRST_CHANGES = 60
_FIRST_LISTED = 40  # as many as the list of series shows before anybody asks for more


def plan_site(judged: JudgedHistory, extras: Extras = NOTHING_EXTRA) -> SitePlan:
    """Return the plan of the whole site; series files are made only when the writer asks."""
    commits = judged.history.commits
    shas = [commit.sha for commit in commits]
    rows = [summarize(one, judged.history.newest) for one in stable_order(judged.series)]
    triage = decide(judged.series, commits, extras.triage, extras.today)
    infos = [changes_of(row.judged, triage) for row in rows]
    tracked = judged.history.tracked_library
    order, changes = worst_first(rows, tracked), list_changes(rows, infos)
    events = event_rows(judged, extras.triage, extras.today)
    ids, numbers = event_ids(events), {row.judged.series.id: i for i, row in enumerate(rows)}
    series, prints = _series(rows, infos)
    values, values_names = _values(rows, len(commits))
    runs, run_names = _runs(judged.history.records)
    titles = scenario_titles(judged, rows)
    explanations, explained = _explanations(judged.explanations, titles)
    briefs = event_briefs(events, ids, numbers, commits)
    matrix = make_matrix(rows, tracked)
    table = make_table(rows, order)
    single: Mapping[str, msgspec.Struct] = {
        "table": table,
        "commits": commit_axis(commits),
        "commit_texts": commit_texts(commits, values_names),
        "changes": change_table(changes),
        "events": event_table(events, ids, numbers, explained),
        "event_members": event_members(events, numbers),
        "matrix": matrix,
        "environments": environment_table(judged.history.environments),
        "runs": run_table(run_names, shas),
    }
    by_base = libraries_files(judged.history.records, shas, judged.history.project)
    comparisons = {base: _named("libraries", one) for base, one in by_base.items()}
    planned = {name: _named(name, one) for name, one in single.items()}
    sparks = [_named("sparks", page) for page in spark_pages(rows, order)]
    finders = [_named("finder", one) for one in make_finders(rows, prints)]
    front = make_front(rows, order, changes, _asked_first(briefs, matrix), table)
    front_files = [_named("front", front)] if front else []
    reaches = _reaches(events, numbers)
    parts = make_periods(rows, changes, reaches, table, len(commits)) if front else {}
    periods = [_named("period", part) for part in parts.values()]
    ranked = make_ranked(rows, order, table) if front else []
    ranked_files = [_named("ranked", part) for part, _ in ranked]
    names = Names(
        front=front_files[0].path if front_files else "",
        periods=[one.path for one in periods],
        period_starts=list(parts),
        ranked=[one.path for one in ranked_files],
        ranked_kinds=[kinds for _, kinds in ranked],
        sparks=[one.path for one in sparks],
        finders=[one.path for one in finders],
        libraries={base: one.path for base, one in comparisons.items()},
        **{name: one.path for name, one in planned.items()},
    )
    lead = Lead(
        answer=make_answer(judged.history, rows, events, tracked),
        briefs=briefs,
        tracked=tracked,
        score=extras.score,
    )
    index = make_index(judged, rows, changes, names, lead)
    index_file = _named("index", index)
    return SitePlan(
        judged=judged,
        index=index,
        index_path=index_file.path,
        files=(
            *series,
            *values,
            *runs,
            *explanations,
            *planned.values(),
            *front_files,
            *periods,
            *ranked_files,
            *comparisons.values(),
            *sparks,
            *finders,
            index_file,
        ),
        rows=tuple(rows),
        order=tuple(order),
        changes=tuple(changes),
    )


def make_front(
    rows: Sequence[SeriesSummary],
    order: Sequence[int],
    changes: Sequence[NumberedChange],
    asked: set[int],
    table: Table,
) -> Front | None:
    """Return what is shown first, None where that is all, or nearly all.

    Its rows are those of the newest changes, those that the overview has *asked* for, and the worst
    ones.
    """
    if len(rows) <= _FEW_ROWS:
        return None
    newest = changes[:_FIRST_CHANGES]
    of_changes = {change.row_number for change in newest}
    numbers = {*of_changes, *asked, *order[:_FIRST_LISTED]}
    return make_part(rows, numbers, newest, table)


def _reaches(events: Sequence[ListedEvent], numbers: Mapping[str, int]) -> list[Reach]:
    """Return where each event may have come, and the rows by which lists name it."""
    return [
        Reach(
            first=row.event.earliest,
            last=row.event.latest,
            rows=[numbers[one.series.id] for one in row.members[:BRIEF_MEMBERS]],
        )
        for row in events
    ]


def _asked_first(briefs: Iterable[EventBrief], matrix: Matrix) -> set[int]:
    """Return the numbers of the rows that the overview names: of its charts and its events."""
    of_events = (number for one in briefs for number in one.rows)
    controls = (number for number in matrix.control if number is not None)
    return {*of_events, *matrix.row, *controls}


def _named(name: str, content: msgspec.Struct) -> PlannedFile:
    """Return a file named by the hash of its contents."""
    data = encode(content)
    return PlannedFile(path=f"data/{name}-{_hash(data)}.json", make=lambda: data)


def packed_path(folder: str, name: str) -> str:
    """Return the path of one of many files that only the app reads: it is compressed."""
    return f"data/{folder}/{name}.json.gz"


def _hash(*data: bytes | memoryview) -> str:
    """Return ten hex digits that stand for *data* in a file name."""
    digest = hashlib.blake2b(digest_size=5)
    for part in data:
        digest.update(part)
    return digest.hexdigest()


def _series(
    rows: Sequence[SeriesSummary], infos: Sequence[list[ChangeInfo]]
) -> tuple[list[PlannedFile], list[str]]:
    """Return the packs of the series, and the hash in the name of that of each row."""
    files: list[PlannedFile] = []
    names: dict[str, str] = {}
    series = [Packed(row.judged, info) for row, info in zip(rows, infos, strict=True)]
    for pack in make_packs(series):
        name = fingerprint(pack)
        names |= {one.judged.series.id: name for one in pack}
        files.append(PlannedFile(path=packed_path("series", name), make=partial(_encode, pack)))
    return files, [names[row.judged.series.id] for row in rows]


def _encode(pack: Sequence[Packed]) -> bytes:
    return compress(encode_pack(pack))


def _values(rows: Sequence[SeriesSummary], commits: int) -> tuple[list[PlannedFile], list[str]]:
    """Return the packs of the commits with values, and by position the hash in the name."""
    files: list[PlannedFile] = []
    names = [""] * commits
    for pack in pack_commits([one.judged.series for one in rows], commits):
        positions = [one.position for one in pack]
        parts = (part for one in pack for part in (one.rows.data, one.values.data))
        name = _hash(b"%d:%a:" % (SCHEMA_VERSION, positions), *parts)
        for position in positions:
            names[position] = name
        files.append(PlannedFile(path=packed_path("values", name), make=partial(_join, pack)))
    return files, names


def _join(pack: Sequence[CommitValues]) -> bytes:
    return compress(values_pack(pack))


def _explanations(
    explanations: Mapping[int, Explanation], titles: Mapping[str, str]
) -> tuple[list[PlannedFile], dict[int, str]]:
    """Return the file of each explanation, and the hash in its name by number of the event.

    Scenarios are called by their *titles*.
    """
    files: list[PlannedFile] = []
    names: dict[int, str] = {}
    if explanations:  # few histories are counted, and this is much to load
        from tracker.report.explanation import event_lines
    for number, explanation in explanations.items():
        lines = event_lines(explanation, lambda text: titles.get(text) or text)
        data = encode(EventExplanation(lines=lines, explanation=explanation))
        names[number] = _hash(data)
        path = f"data/explanations/{names[number]}.json"
        files.append(PlannedFile(path=path, make=partial(bytes, data)))
    return files, names


def _runs(records: Iterable[RunRecord]) -> tuple[list[PlannedFile], list[tuple[RunFile, str]]]:
    """Return the file of each record, and the runs with the hash in its name."""
    files: list[PlannedFile] = []
    names: list[tuple[RunFile, str]] = []
    for record in records:
        run = run_file(record)
        data = compress(run)
        name = _hash(data)
        files.append(PlannedFile(path=packed_path("runs", name), make=partial(bytes, data)))
        names.append((run, name))
    return files, names
