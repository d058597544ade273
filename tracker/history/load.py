"""Read a history: results, commits and settings, joined into the model."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tracker.errors import DataError
from tracker.history.asv.benchmarks import read_benchmarks
from tracker.history.asv.cells import FileFacts, ParsedFile
from tracker.history.asv.columns import Column, ColumnIndex, Tally, build_table
from tracker.history.asv.files import ResultFiles, read_files
from tracker.history.asv.tree import Tree, open_tree
from tracker.history.commits import order_by_date, read_branch, unknown_commits
from tracker.history.config import Source
from tracker.history.record_index import Place, Records
from tracker.history.run_records import read_run_records
from tracker.history.series import SeriesBuilder
from tracker.model import Commit, Environment, History, Series
from tracker.model.run_record import RunRecord
from tracker.settings.directions import describe_metric
from tracker.system.git import is_shallow

type Groups = dict[tuple[str, str], list[tuple[int, ParsedFile]]]

BENCHMARKS = "benchmarks.json"
_NO_REPOSITORY = (
    "No git repository was given: commits stand in the order of their dates, "
    "and merged branches among them; --repo DIR gives the tracked branch's own order."
)


def load_history(source: Source, cache: Path | None = None) -> History:
    """Read the history that *source* names: any asv project's results, format 1 or 2.

    Args:
        source: results, repository, branch and rules.
        cache: folder for what was parsed before; None parses everything.

    Raises:
        DataError: nothing to read, or a file is damaged.
    """
    tree = open_tree(source.results)
    benchmarks = _load_benchmarks(tree)
    found = read_files(tree, cache, skip_damaged=source.skip_damaged)
    tally = Tally()
    commits, places, notes = _order_commits(source, [file.facts for file in found.files], tally)
    _count_losses(found, tally)
    groups = _group(found.files, places)
    run_records, damaged = read_run_records(tree)
    records = Records(_place_records(run_records, groups, places))
    index = ColumnIndex(found.rows, benchmarks)
    builder = SeriesBuilder(
        columns=index.columns,
        benchmarks=benchmarks,
        metrics={n: describe_metric(n, entry, source.rules) for n, entry in benchmarks.items()},
        records=records,
        skipped=set(),
    )
    environments = _environments(groups, records)
    del found  # from here on the files of a group live no longer than its table needs them
    series = tuple(_build_series(groups, index, builder, tally))
    return History(
        project=source.project,
        commits=commits,
        series=series,
        environments=environments,
        excluded=(*tally.exclusions(), *damaged),
        records=run_records,
        show_commit_url=source.show_commit_url,
        notes=(*notes, *_describe_skipped(builder.skipped)),
    )


def _build_series(
    groups: Groups, index: ColumnIndex, builder: SeriesBuilder, tally: Tally
) -> Iterator[Series]:
    """Give all series, and empty *groups* on the way."""
    for machine, environment in list(groups):
        table = build_table(groups.pop((machine, environment)), index, tally)
        yield from builder.build(table, machine, environment)


def _describe_skipped(columns: Collection[Column]) -> tuple[str, ...]:
    """Return the note on what never was measured: nobody needs to be alarmed by it."""
    if not columns:
        return ()
    first = min(columns, key=lambda column: (column.benchmark, column.params))
    name = f"{first.benchmark}({', '.join(first.params)})"
    why = "no result at any commit (not selected, or not supported)"
    if len(columns) == 1:
        return (f"1 combination has {why}: {name}",)
    return (f"{len(columns):,} combinations have {why}, such as {name}",)


def _count_losses(found: ResultFiles, tally: Tally) -> None:
    for path, why in found.damaged:
        tally.add(path, f"damaged: {why}", 1, path)
    for file in found.files:
        tally.add("repeats", "not finite numbers", file.facts.dropped_samples, file.facts.path)


def _load_benchmarks(tree: Tree) -> dict[str, dict[str, object]]:
    try:
        content = tree.read(BENCHMARKS)
    except OSError as error:
        raise DataError(
            f"{tree.address} has no {BENCHMARKS}: not the results of an asv project",
            "name the folder that asv calls results_dir, or write the file: "
            "asv run --bench just-discover",
        ) from error
    return read_benchmarks(content)


def _order_commits(
    source: Source, files: Sequence[FileFacts], tally: Tally
) -> tuple[tuple[Commit, ...], dict[str, int], tuple[str, ...]]:
    """Return (commits from the first with results on, sha to position, notes)."""
    repo, branch = source.repo, source.branch
    if repo is None:
        ordered = order_by_date((facts.commit, facts.date_ms) for facts in files)
    else:
        ordered = read_branch(repo, branch)
    measured = {facts.commit for facts in files}
    first = next((i for i, commit in enumerate(ordered) if commit.sha in measured), len(ordered))
    commits = ordered[first:]
    places = {commit.sha: position for position, commit in enumerate(commits)}
    notes: tuple[str, ...] = (_NO_REPOSITORY,)
    if repo is not None:
        notes = _count_strangers(repo, branch, [f for f in files if f.commit not in places], tally)
    if not places:
        raise DataError(
            f"none of the {len(measured)} commits with results is on {branch or 'the branch'}",
            " ".join(notes)
            or "name the branch (--branch NAME) and the project's own clone (--repo DIR)",
        )
    return commits, places, notes


def _count_strangers(
    repo: Path, branch: str, files: Sequence[FileFacts], tally: Tally
) -> tuple[str, ...]:
    """Count the results of commits that are not on the branch; return what to say besides."""
    unknown = unknown_commits(repo, sorted({facts.commit for facts in files}))
    for facts in files:
        why = (
            "commit is not in the repository"
            if facts.commit in unknown
            else f"commit is not on the first-parent line of {branch or 'the default branch'}"
        )
        tally.add("result files", why, 1, f"{facts.commit[:12]} in {facts.path}")
    if not unknown or not is_shallow(repo):
        return ()
    lost = f"{len(unknown):,} of the commits with results"
    return (f"The repository {repo} is a shallow clone without {lost}: git fetch --unshallow.",)


def _group(files: Sequence[ParsedFile], places: Mapping[str, int]) -> Groups:
    """Return the files by machine and environment, each with its commit's position, ascending.

    Environments that differ in versions alone are one series over time, unless one commit was
    measured in two of them: then they stand side by side under their full names.
    """
    measured = [file for file in files if file.facts.commit in places]
    names: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for file in measured:
        facts = file.facts
        names[facts.machine, facts.environment_class, facts.commit].add(facts.environment)
    split = {key[:2] for key, environments in names.items() if len(environments) > 1}
    groups: defaultdict[tuple[str, str], list[tuple[int, ParsedFile]]] = defaultdict(list)
    for file in measured:
        facts = file.facts
        is_split = (facts.machine, facts.environment_class) in split
        name = facts.environment if is_split else facts.environment_class
        groups[facts.machine, name].append((places[facts.commit], file))
    for members in groups.values():
        members.sort(key=lambda member: (member[0], member[1].facts.path))
    return dict(sorted(groups.items()))


def _place_records(
    records: Sequence[RunRecord], groups: Groups, places: Mapping[str, int]
) -> Iterator[tuple[Place, RunRecord]]:
    """Give each record of a commit on the branch with the keys that its series have."""
    names = {
        (machine, file.facts.environment): name
        for (machine, name), files in groups.items()
        for _, file in files
    }
    for record in records:
        if record.commit in places:
            name = names.get((record.machine, record.environment), record.environment)
            yield (record.machine, name, places[record.commit]), record


def _environments(groups: Groups, records: Records) -> tuple[Environment, ...]:
    return tuple(
        Environment(
            machine=machine,
            environment=environment,
            position=position,
            facts=_join_facts(file.facts.facts, records.facts((machine, environment, position))),
        )
        for (machine, environment), files in groups.items()
        for position, file in files
    )


def _join_facts(
    facts: tuple[tuple[str, str], ...], more: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((dict(facts) | dict(more)).items())) if more else facts
