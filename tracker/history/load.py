"""Read a history: results, commits and settings, joined into the model."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tracker.errors import DataError
from tracker.history.asv.benchmarks import read_benchmarks
from tracker.history.asv.cells import ParsedFile
from tracker.history.asv.columns import Column, ColumnIndex, Tally, build_table
from tracker.history.asv.files import ResultFiles, read_files
from tracker.history.asv.tree import BENCHMARKS, Tree, advise_results, open_tree
from tracker.history.commit_order import order_commits
from tracker.history.config import Source
from tracker.history.pooled_counts import join_machines
from tracker.history.record_index import RecordKey, Records
from tracker.history.run_records import read_run_records
from tracker.history.series import ColumnFacts, SeriesBuilder, describe_columns
from tracker.model import Environment, History, Series
from tracker.model.run_record import RunRecord
from tracker.units import agree, count

type Groups = dict[tuple[str, str], list[tuple[int, ParsedFile]]]

_WRITE_BENCHMARKS = (
    "name the folder that asv calls results_dir, or write the file: asv run --bench just-discover"
)


def read_history(source: Source, cache: Path | None = None) -> History:
    """Read the history that *source* names: any asv project's results, format 1 or 2.

    Args:
        source: results, repository, branch and rules.
        cache: folder for what was parsed before; None parses everything.

    Raises:
        DataError: nothing to read, or a file is damaged.
    """
    tree = open_tree(source.results)
    benchmarks = _read_benchmarks(tree)
    result_files = read_files(tree, cache)
    tally = Tally()
    order = order_commits(source, [file.facts for file in result_files.files], tally)
    starts, start_notes = order.starts(start for _, start in source.regressions.starts)
    _count_losses(result_files, tally)
    damaged = () if source.skip_damaged else tuple(": ".join(one) for one in result_files.damaged)
    groups = _group(result_files.files, order.places)
    run_records, damaged_records = read_run_records(tree)
    records = Records(_index_records(run_records, groups, order.places))
    index = ColumnIndex(result_files.entries, benchmarks)
    facts = describe_columns(index.columns, benchmarks, source, starts)
    environments = _environments(groups, records)
    files = len(result_files.files)
    del result_files  # from here on the files of a group live no longer than its table needs them
    builder = SeriesBuilder(columns=facts, records=records)
    built = list(_build_series(groups, index, builder, tally))
    series = [one for _, one in built if one is not None]
    never = sum(one.judged_from >= len(order.commits) for one in series)
    if not order.is_known:
        series = [replace(one, judged_from=len(order.commits)) for one in series]
    return History(
        project=source.project,
        commits=order.commits,
        series=tuple(join_machines(series)),
        environments=environments,
        excluded=(*tally.exclusions(), *damaged_records),
        records=run_records,
        show_commit_url=source.show_commit_url,
        notes=(
            *order.notes,
            *source.notes,
            *start_notes,
            *_describe_unjudged(never),
            *_describe_strangers(0 if built else files),
            *_describe_skipped({facts.column for facts, one in built if one is None}),
        ),
        damaged=damaged,
    )


def _build_series(
    groups: Groups, index: ColumnIndex, builder: SeriesBuilder, tally: Tally
) -> Iterator[tuple[ColumnFacts, Series | None]]:
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


def _describe_unjudged(series: int) -> tuple[str, ...]:
    """Return the note on so many *series* of which the project wants nothing judged."""
    if not series:
        return ()
    what = f"{series:,} series {agree(series, 'is', 'are')} not judged"
    return (f"asv.conf.json: regressions_first_commits: {what}.",)


def _describe_strangers(files: int) -> tuple[str, ...]:
    """Return the note on so many *files* whose benchmarks are none of those that are known."""
    if not files:
        return ()
    why = f"{BENCHMARKS} describes other benchmarks, or other versions of them"
    then = "measure again, or restore the one of that time"
    return (f"nothing was taken from {count(files, 'result file')}: {why}; {then}",)


def _count_losses(result_files: ResultFiles, tally: Tally) -> None:
    for path, why in result_files.damaged:
        tally.add("result files", "damaged", 1, f"{path}: {why}")
    for path, why in result_files.strange:
        tally.add("JSON files", why, 1, path)
    for file in result_files.files:
        tally.add("repeats", "not finite numbers", file.facts.dropped_samples, file.facts.path)


def _read_benchmarks(tree: Tree) -> dict[str, dict[str, object]]:
    try:
        content = tree.read(BENCHMARKS)
    except OSError as error:
        raise DataError(
            f"{tree.address} has no {BENCHMARKS}: not the results of an asv project",
            advise_results(tree.address, or_else=_WRITE_BENCHMARKS),
        ) from error
    return read_benchmarks(content)


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


def _index_records(
    records: Sequence[RunRecord], groups: Groups, places: Mapping[str, int]
) -> Iterator[tuple[RecordKey, RunRecord]]:
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
