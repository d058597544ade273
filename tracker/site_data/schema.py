"""The data that `publish` writes and the site draws: one schema, versioned, in columns.

`site/src/schema.ts` is generated from these types (`python -m tracker.site_data.json_schema`).
Numbers are in base units with at most six significant digits; a number that does not exist is
null. Commits are named by their position in `Commits` inside the data, and by hash in every link.

    index ──▶ table: one row per series (`site_data_series_values`)
          ├─▶ finders, by the start of a series' id ──▶ one file per series
          ├─▶ sparklines, in pages of `SPARKS_PER_PAGE` rows, worst first
          ├─▶ changes
          ├─▶ commits (axis), commit texts, environments (`site_data_commit_values`)
          ├─▶ values, one file per commit: every series at that commit
          ├─▶ runs ──▶ one file per run (`site_data_run_values`)
          └─▶ libraries side by side (`site_data_libraries`)
"""

from collections.abc import Sequence
from typing import cast

import msgspec
import orjson

from tracker.model import Floats, Ints

type Numbers = Sequence[float | None]
type Steps = Sequence[int | None]
type Wholes = Sequence[int]

SCHEMA_VERSION = 1


def numbers(array: Floats) -> Numbers:
    """Let *array* stand for the list that `encode` writes of it, NaN as null; none is made."""
    return cast("Numbers", array)


def wholes(array: Ints) -> Wholes:
    """Let *array* stand for the list that `encode` writes of it."""
    return cast("Wholes", array)


def encode(content: msgspec.Struct) -> bytes:
    """Return *content* as JSON, with arrays written as lists."""
    return orjson.dumps(content, default=msgspec.structs.asdict, option=orjson.OPT_SERIALIZE_NUMPY)


class MetricInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How to read and to judge a metric."""

    name: str
    unit: str
    better: str
    floor: float
    gates: bool
    tier: str
    description: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of series by verdict, cells of the newest commit by outcome, values far out."""

    worse: int
    better: int
    no_change: int
    cannot_tell: int
    measured: int
    failed: int
    unsupported: int
    far_out: int


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """File names below the site's folder; each carries the hash of its contents."""

    table: str
    commits: str
    commit_texts: str
    changes: str
    environments: str
    runs: str
    libraries: str
    sparks: list[str]
    finders: list[str]


class ExclusionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Results that were left out, and why."""

    what: str
    why: str
    count: int
    example: str


class ShiftInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A step that the control series share: the machine's, not the commit's."""

    machine: str
    environment: str
    position: int
    ratio: float | None
    series_affected: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How earlier verdicts on pull requests held on the main branch."""

    text: str
    rows: list[list[str]]


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of this build that the method page quotes."""

    series: int
    points: int
    samples: int
    commits: int
    changes: int
    expected_false_alarms: float | None
    false_discovery_rate: float
    confirm_points: int
    recent_points: int
    notes: list[str]
    excluded: list[ExclusionInfo]
    shifts: list[ShiftInfo]
    score: Score | None


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """What people decided about a change: accepted or silenced, and the sentence that says why."""

    action: str
    sentence: str


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    """One of the newest changes, complete, so that the overview needs no other file for it."""

    id: str
    unit: str
    sha: str
    date_s: int
    before: float | None
    after: float | None
    ratio: float | None
    status: str
    verdict: str
    triage: Triage | None


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """The first file: what there is, where it is, and the state of the newest commit.

    `badges` are file names below `badge/`, without their ending.
    """

    schema_version: int
    project: str
    show_commit_url: str
    newest_position: int
    newest_sha: str
    newest_date_s: int
    newest_subject: str
    newest_tags: list[str]
    counts: Counts
    libraries: list[str]
    recent: list[Recent]
    names: Names
    badges: list[str]
    method: Method
