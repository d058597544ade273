"""From a table of columns to the model's series."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise

import numpy as np

from tracker.exchange.measurement import IMPORTED_FROM
from tracker.history.asv.cells import REASONS, Code, Codes
from tracker.history.asv.columns import Column, Table
from tracker.history.config import Source
from tracker.history.record_index import Records
from tracker.model import Floats, Ints, Marks, Metric, Outcome, Series, SeriesKey
from tracker.settings.directions import describe_metric

type Json = Mapping[str, object]
type Starts = Mapping[str | None, int]
"""Position from which on is judged, by the commit that asv's configuration names."""

# Indexed by Code. What was left out counts as failed: somebody measured, and nothing came of it.
_OUTCOMES: tuple[Outcome | None, ...] = (
    None,
    Outcome.FAILED,
    Outcome.UNSUPPORTED,
    *([Outcome.FAILED] * (Code.ABSENT - Code.NOT_A_NUMBER)),
)
_WHY: tuple[str | None, ...] = (None, *(REASONS[Code(code)] for code in range(1, Code.ABSENT)))
_NA = _WHY[Code.SKIPPED]
_NO_SPREADS = np.empty(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What all series of a column share, whatever the machine.

    Attributes:
        is_imported: see `Series`, and so for judged_from.
    """

    column: Column
    metric: Metric
    params: tuple[tuple[str, str], ...]
    library: str
    pretty_name: str
    is_imported: bool
    judged_from: int

    @property
    def scenario(self) -> str:
        """The first part of the benchmark's name."""
        return self.column.benchmark.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBuilder:
    """Makes the series of one table after the other."""

    columns: Sequence[ColumnFacts]
    records: Records

    def build(
        self, table: Table, machine: str, environment: str
    ) -> Iterator[tuple[ColumnFacts, Series | None]]:
        """Give the series of *table*; None for one that only ever says n/a."""
        # What most series lack is one array for all of them.
        longest = int(np.diff(table.starts).max(initial=0))
        unknown, none = np.full(longest, np.nan), np.zeros(longest + 1, dtype=np.int64)
        unbuilt = self.records.build_failures(machine, environment)
        bounds = pairwise(table.starts.tolist())
        for facts, (start, stop) in zip(self.columns, bounds, strict=True):
            if start == stop:
                continue
            own = slice(start, stop)
            codes, positions = table.codes[own], table.positions[own]
            is_whole = not codes.any()  # measured at every commit
            cell_reasons = self.records.reasons(machine, environment, facts.scenario, facts.library)
            if not (is_whole or cell_reasons) and _is_never_selected(codes):
                yield facts, None
                continue
            samples, offsets = _samples(table, own) or (table.samples[:0], none[: len(codes) + 1])
            yield (
                facts,
                Series(
                    key=SeriesKey(
                        benchmark=facts.column.benchmark,
                        params=facts.params,
                        machine=machine,
                        environment=environment,
                    ),
                    metric=facts.metric,
                    scenario=facts.scenario,
                    library=facts.library,
                    version=facts.column.version,
                    pretty_name=facts.pretty_name,
                    is_imported=facts.is_imported,
                    judged_from=facts.judged_from,
                    positions=positions,
                    values=table.values[own],
                    low=table.low[own] if table.low.size else unknown[: len(codes)],
                    high=table.high[own] if table.high.size else unknown[: len(codes)],
                    samples=samples,
                    offsets=offsets,
                    loops=table.loops[own] if table.loops.size else table.loops,
                    spreads=self._spreads(machine, environment, facts, positions),
                    outcomes={} if is_whole else Marks(positions, codes, _OUTCOMES),
                    reasons={} if is_whole else _reasons(positions, codes, cell_reasons, unbuilt),
                ),
            )

    def _spreads(
        self, machine: str, environment: str, facts: ColumnFacts, positions: Ints
    ) -> Floats:
        """Return how far each count can be trusted, as its run record says."""
        if not facts.metric.is_counted:
            return _NO_SPREADS
        known = self.records.counts(machine, environment, facts.scenario, facts.library)
        name = facts.metric.name
        found = (known[p].metrics.get(name) if p in known else None for p in positions.tolist())
        return np.array([one.spread if one else np.nan for one in found], dtype=np.float64)


def describe_columns(
    columns: Sequence[Column], benchmarks: Mapping[str, Json], source: Source, starts: Starts
) -> list[ColumnFacts]:
    """Return what is known of each column: its metric, as the project wants it judged."""
    metrics = {n: describe_metric(n, entry, source.rules) for n, entry in benchmarks.items()}
    names = {n: _parameter_names(entry) for n, entry in benchmarks.items()}
    pretty = _pretty_names(benchmarks)
    regressions, facts = source.regressions, []
    for column in columns:
        called = iter(names[column.benchmark])
        params = tuple((next(called, f"param{i}"), v) for i, v in enumerate(column.params, 1))
        values = f"({', '.join(column.params)})" if column.params else ""
        name = f"{column.benchmark}{values}@{source.branch}"
        metric, floor = metrics[column.benchmark], regressions.threshold(name)
        is_ruled = any(
            rule.floor is not None and fnmatchcase(column.benchmark, rule.pattern)
            for rule in source.rules
        )
        facts.append(
            ColumnFacts(
                column=column,
                metric=metric if floor is None or is_ruled else replace(metric, floor=floor),
                params=params,
                library=_library(params),
                pretty_name=pretty.get(column.benchmark, ""),
                is_imported=IMPORTED_FROM in benchmarks[column.benchmark],
                judged_from=max((starts[s] for s in regressions.starts_of(name)), default=0),
            )
        )
    return facts


def _pretty_names(benchmarks: Mapping[str, Json]) -> dict[str, str]:
    """Return the project's own names of benchmarks, of those whose name nobody else has."""
    given = {name: str(entry.get("pretty_name") or "") for name, entry in benchmarks.items()}
    counts = Counter(given.values())
    return {name: pretty for name, pretty in given.items() if counts[pretty] == 1}


def _is_never_selected(codes: Codes) -> bool:
    """Say whether nothing but n/a was ever stored, apart from commits where all failed."""
    skipped = codes == Code.SKIPPED
    return bool(skipped.any() and (skipped | (codes == Code.NOTHING_MEASURED)).all())


def _reasons(
    positions: Ints, codes: Codes, cell_reasons: Mapping[int, str], unbuilt: Mapping[int, str]
) -> Mapping[int, str]:
    """Return why cells have no value: what records say, else what the code means.

    A value that was left out keeps that as its reason: the records know of no fault.
    """
    marks = Marks(positions, codes, _WHY)
    if not cell_reasons and not unbuilt:
        return marks
    reasons = {}
    for position, why in marks.items():
        failed = why in {_WHY[Code.FAILED], _WHY[Code.NOTHING_MEASURED]}
        told = unbuilt.get(position, why) if failed else why
        reasons[position] = cell_reasons.get(position, told) if failed or why == _NA else told
    return reasons


def _samples(table: Table, own: slice) -> tuple[Floats, Ints] | None:
    """Return (samples, offsets) of the cells that *own* picks, if there are any."""
    starts, counts = table.sample_starts[own], table.sample_counts[own]
    if not counts.any():
        return None
    offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    source = np.repeat(starts - offsets[:-1], counts) + np.arange(offsets[-1])
    return table.samples[source], offsets


def _parameter_names(benchmark: Json) -> list[str]:
    """Return asv's names of the parameters; it calls those without a name param1, param2, ..."""
    given = benchmark.get("param_names")
    return [str(name) for name in given] if isinstance(given, list) else []


def _library(params: Sequence[tuple[str, str]]) -> str:
    """Return the value of the parameter `library`, "" when there is none."""
    text = dict(params).get("library", "")
    if not text:
        return ""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text
