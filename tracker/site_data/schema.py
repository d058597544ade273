"""The data that `publish` writes and the site draws: one schema, versioned, in columns.

`site/src/schema.ts` is generated from these types (`python -m tracker.site_data.json_schema`).
Numbers are in base units with at most six significant digits; a number that does not exist is
null. Commits are named by their position in `Commits` inside the data, and by hash in every link.

    index ──▶ table: one row per series
          ├─▶ finders, by the start of a series' id ──▶ packs of series
          ├─▶ sparklines, in pages of `SPARKS_PER_PAGE` rows, worst first
          ├─▶ changes
          ├─▶ events ──▶ one file per explanation
          ├─▶ commits (axis), commit texts, environments
          ├─▶ packs of values: every series at a commit
          ├─▶ runs ──▶ one file per run
          └─▶ libraries side by side
"""

from collections.abc import Sequence

import msgspec

from tracker.model.explanation import Explanation
from tracker.report.libraries.comparison import LibraryComparison

type Numbers = Sequence[float | None]
type Steps = Sequence[int | None]
type Wholes = Sequence[int]

SCHEMA_VERSION = 10
MARKER = ".tracker-site.json"
"""The file that tells a folder of ours from any other; it lies at the top of every site."""
SPARKS_PER_PAGE = 64
FINDERS = 64
BRIEF_MEMBERS = 6
"""As many members of an event are named where events are listed."""
MEMBERS = 50


class MetricInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How to read and to judge a metric; `title` is what people call it."""

    name: str
    title: str
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
    suspected: int
    measured: int
    failed: int
    unsupported: int
    far_out: int


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """File names below the site's folder; each carries the hash of its contents.

    `front` is "" where the table is small enough to come first, and there are no `periods`: files
    of `Front`, each with the changes that may have come at the commits from its entry of
    `period_starts` up to the next. `ranked` is the table in such files, the worst rows first, and
    `ranked_kinds` which verdicts are in each, "failed" and "far_out" among them.
    """

    front: str
    periods: list[str]
    period_starts: list[int]
    ranked: list[str]
    ranked_kinds: list[list[str]]

    table: str
    commits: str
    commit_texts: str
    changes: str
    events: str
    event_members: str
    matrix: str
    environments: str
    runs: str
    libraries: dict[str, str]
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
    metrics: list[str]
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
    events: int
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


class CommitName(msgspec.Struct, frozen=True, kw_only=True):
    """A commit as a sentence names it."""

    position: int
    sha: str
    date_s: int
    subject: str
    tags: list[str]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of events."""

    worse: int
    better: int
    suspected: int


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the newest measured commit made anything worse, and what still stands.

    Events are those in which the tracked library moved. `last` counts such as may have come with
    `newest`, `since_release` those after `release`, `standing` those that are still there,
    `worse_since` is the commit of the oldest of them that is worse. `far_out` counts newest values
    of the tracked library that lie far out; of its `series` that were run at `newest`, `clear`
    could be judged, and the latest run of `failed` failed; of all its series, `cannot_tell` say so.
    """

    newest: CommitName | None
    before: CommitName | None
    release: CommitName | None
    last: Tally
    since_release: Tally
    standing: Tally
    worse_since: CommitName | None
    far_out: int
    series: int
    clear: int
    failed: int
    cannot_tell: int


class EventBrief(msgspec.Struct, frozen=True, kw_only=True):
    """One of the most urgent events, so that the overview needs no other file for it.

    `rows` are rows in `Table` of its largest members; `suspects` is the number of commits;
    `ratios` are after / before of the first of `rows`, and the least and the most of the others.
    """

    id: str
    kind: str
    verdict: str
    direction: str
    commit: CommitName
    suspects: int
    ratios: list[float | None]
    fate: str
    points_since: int
    series: int
    rows: list[int]


class Guarantees(msgspec.Struct, frozen=True, kw_only=True):
    """What a library promises: its broker, when a task is acknowledged, what a kill does.

    `killed` says what becomes of the tasks in progress when their worker is killed.
    """

    library: str
    broker: str
    acknowledged: str
    killed: str


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """The first file: what there is, where it is, and the state of the newest commit.

    `tracked` is the library whose history this is, "" where benchmarks name none;
    `places` is the number of machines, each with its environments, that series lie on;
    `guarantees` are those of the `libraries` that we know; `badges` are file names below `badge/`,
    without their ending.
    """

    schema_version: int
    project: str
    show_commit_url: str
    newest_position: int
    newest_sha: str
    newest_date_s: int
    newest_subject: str
    newest_tags: list[str]
    answer: Answer
    counts: Counts
    tracked: str
    places: int
    libraries: list[str]
    guarantees: list[Guarantees]
    scenario_titles: dict[str, str]
    events: list[EventBrief]
    names: Names
    badges: list[str]
    method: Method


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One row per series, in an order that only grows at its end (values files rely on it).

    `scenario`, `library`, `metric`, `params`, `machine` and `environment` are indices into the
    lists of the same name; `rank` is the place in the worst-first order; `change` is the ratio
    after / before of the change that the verdict speaks of; `noise` is the smallest relative step
    that could be established; `age` is the number of commits since the newest value;
    `far_out` has the newest value over the level before it, by row, where it lies far out.
    """

    scenarios: list[str]
    libraries: list[str]
    metrics: list[MetricInfo]
    params_sets: list[list[list[str]]]
    machines: list[str]
    environments: list[str]
    id: list[str]
    scenario: list[int]
    library: list[int]
    metric: list[int]
    params: list[int]
    machine: list[int]
    environment: list[int]
    value: Numbers
    change: Numbers
    changed_at: list[int | None]
    verdict: list[int]
    noise: Numbers
    age: list[int]
    far_out: dict[str, float]
    outcome: list[int]
    rank: list[int]


class Finder(msgspec.Struct, frozen=True, kw_only=True):
    """Series whose ids begin alike, and the hash in the name of the pack of each.

    Finder number n has the ids whose first two hex digits, over four, give n. A link to a series
    needs this small file, not the whole table.
    """

    id: list[str]
    file: list[str]


class Sparks(msgspec.Struct, frozen=True, kw_only=True):
    """Sparklines: one character per point, `SPARK_DIGITS` low to high, a space for a gap.

    `mark` is the character at which the newest change starts, or null. `reach` is what the
    picture spans above and below its middle, as a share of it: one of few, so that pictures can
    be compared; null where values have no common sign.
    """

    row: list[int]
    line: list[str]
    mark: list[int | None]
    reach: Numbers


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """Small charts of the `series` primary series of the tracked library, as in `Sparks`.

    `control` is the row of the same measurement of another library, `control_line` its values at
    the same commits, around its own middle with the same reach; "" where they do not fit.
    """

    series: int
    row: list[int]
    line: list[str]
    mark: list[int | None]
    reach: list[float | None]
    control: list[int | None]
    control_line: list[str]


class ChangeInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A change point inside its series; positions are of commits.

    `state` is a word for its status and triage together: what people decided comes before what was
    found.
    """

    position: int
    earliest: int
    latest: int
    before: float | None
    after: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    p_value: float | None
    status: str
    state: str
    verdict: str
    points_since: int
    environment_changes: list[str]
    triage: Triage | None


class PackedSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One series, its numbers as whole ones.

    A value is the sum of `values` up to its own, times 10 to the -`digits`.

    `axis` and `metric` are indices into the lists of the pack. Points without a value, `gaps`, have
    no entry in `values`, `low` and `high`; what became of each and why stands in `outcomes` and
    `reasons`, by point. Lists of points, too, hold the distance of each from the one before.
    `low` and `high` lie so many times 10 to the `reach` of those steps below and above the value;
    empty when none is known. Where `high_width` is not 0, that of `high` is the last so many digits
    of `low`, and `high` is empty: intervals are most of a series.
    `samples` are whole multiples of `sample_step` above the value of their point; `sample_counts`
    has one entry per point, or a single one that holds for all. `level` is the median
    of the values where no change stands.
    """

    id: str
    benchmark: str
    scenario: str
    library: str
    metric: int
    params: list[list[str]]
    verdict: str
    noise: float | None
    drift: float | None
    notes: list[str]
    axis: int
    digits: int
    values: Wholes
    gaps: Wholes
    reach: int
    low: Steps
    high: Steps
    high_width: int
    samples: Steps
    sample_counts: Wholes
    sample_step: float
    outcomes: dict[str, Wholes]
    reasons: dict[str, Wholes]
    changes: list[ChangeInfo]
    level: float | None


class SeriesPack(msgspec.Struct, frozen=True, kw_only=True):
    """Series of one machine and environment that are read together: small files cost more.

    Each of `axes` holds positions of commits, the distance of each from the one before.
    """

    schema_version: int
    machine: str
    environment: str
    metrics: list[MetricInfo]
    axes: list[Wholes]
    series: list[PackedSeries]


class ChangeTable(msgspec.Struct, frozen=True, kw_only=True):
    """All change points, newest first; `row` is the row of the series in `Table`."""

    row: list[int]
    position: list[int]
    earliest: list[int]
    latest: list[int]
    before: Numbers
    after: Numbers
    ratio: Numbers
    ratio_low: Numbers
    ratio_high: Numbers
    p_value: Numbers
    status: list[str]
    state: list[str]
    verdict: list[str]
    points_since: list[int]
    environment_changes: dict[str, list[str]]
    triage: dict[str, Triage]


class EventTable(msgspec.Struct, frozen=True, kw_only=True):
    """Events in columns; positions are of commits.

    `kind` is commit, measuring, machine or excursion; `verdict` is worse, better or suspected;
    `fate` is stands, undone or unmeasured, where nothing is measured that could undo it;
    `ratios` are as in `EventBrief`; `shared` is the median over all `series` of an event; `rows`
    are the rows in `Table` of the `BRIEF_MEMBERS` largest of them; `surroundings` is by event,
    where anything else changed; `triage` is by event, where all of it was decided on;
    `explanation` is the hash in the name of its `EventExplanation`, by event that has one.
    """

    id: list[str]
    kind: list[str]
    verdict: list[str]
    direction: list[str]
    position: list[int]
    earliest: list[int]
    latest: list[int]
    ratios: list[Numbers]
    shared: Numbers
    p_value: Numbers
    fate: list[str]
    points_since: list[int]
    series: list[int]
    benchmarks: list[int]
    rows: list[list[int]]
    surroundings: dict[str, list[str]]
    triage: dict[str, Triage]
    explanation: dict[str, str]


class EventMembers(msgspec.Struct, frozen=True, kw_only=True):
    """The `MEMBERS` largest series of each event of `EventTable`, read when one is looked at.

    `rows` are their rows in `Table`; in the same order are the `ratios`, after over before, with
    `lows` and `highs` of their 95 % intervals.
    """

    rows: list[list[int]]
    ratios: list[Numbers]
    lows: list[Numbers]
    highs: list[Numbers]


class EventExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why an event happened: in a few lines, and with every cause."""

    lines: list[str]
    explanation: Explanation


class Commits(msgspec.Struct, frozen=True, kw_only=True):
    """The axis: hashes one after the other, minutes since the commit before, tags by position.

    Of each hash there are the first `digits`, as many as tell the commits apart: one that is
    shorter is followed by spaces.
    """

    digits: int
    sha: str
    minutes: Wholes
    tags: dict[str, list[str]]


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a large table: what is shown first, what changed in a period, a part of a list.

    `rows` are the numbers of these rows in the whole table, by which everything names them;
    `rank` is that in the whole table; `age` is how many commits ago anything of it was measured.
    """

    rows: Wholes
    age: int
    table: Table
    changes: ChangeTable


class CommitTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a commit, read when somebody looks at one.

    `values_file` is the hash in the name of its `ValuesPack`, "" when nothing was measured.
    """

    sha_rest: list[str]
    authors: list[str]
    author: list[int]
    subject: list[str]
    values_file: list[str]


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured at one commit: runs of rows of `Table` that follow one another.

    `runs` has two entries for each: how many rows are left out before it, and how many it has.
    """

    position: int
    runs: Wholes
    values: Wholes


class ValuesPack(msgspec.Struct, frozen=True, kw_only=True):
    """Commits that follow one another, in one file, their values as whole numbers.

    `digits` are pairs, so many rows of `Table` and a number: the values of these rows are times 10
    to the minus that number.
    """

    commits: list[Values]
    digits: Wholes


class EnvironmentTable(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the surroundings; set `sets[at[i]]` holds from `position[i]` on."""

    sets: list[list[list[str]]]
    machine: list[str]
    environment: list[str]
    position: list[int]
    at: list[int]


class RunTable(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs have a file of their own: `data/runs/{file}.json.gz`."""

    scenario: list[str]
    library: list[str]
    machine: list[str]
    environment: list[str]
    position: list[int]
    outcome: list[str]
    file: list[str]


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """One line over x: seconds since the start of the run, or a percentile."""

    name: str
    unit: str
    x: list[float]
    y: Numbers


class RunSample(msgspec.Struct, frozen=True, kw_only=True):
    """One measured run of the record."""

    variant: str
    round: int
    outlier: bool
    warmup: str
    figures: dict[str, float | None]
    warnings: list[str]
    lost: int | None
    doubled: int | None


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a run that a reader looks at first: the median over its runs."""

    name: str
    title: str
    unit: str
    better: str
    value: float | None


class RunFile(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one (scenario, library, commit, machine).

    `titles` has the title of each figure.
    """

    schema_version: int
    scenario: str
    title: str
    library: str
    machine: str
    environment: str
    sha: str
    outcome: str
    reason: str
    facts: list[list[str]]
    headlines: list[Headline]
    units: dict[str, str]
    titles: dict[str, str]
    runs: list[RunSample]
    histogram: Curve | None
    percentiles: Curve | None
    curves: list[Curve]
    throughput_cv: float | None
    grade: str
    warnings: list[str]


class MachineComparison(msgspec.Struct, frozen=True, kw_only=True):
    """All libraries on one machine; numbers of two machines are never set side by side."""

    machine: str
    comparison: LibraryComparison


class LibrariesFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the libraries page shows; `against` stands right after the base of each comparison."""

    schema_version: int
    against: str
    machines: list[MachineComparison]
