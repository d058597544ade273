"""From a table of columns to the model's series."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.history.asv.cells import REASONS, Code, Codes
from tracker.history.asv.columns import Column, Table
from tracker.history.record_index import Records
from tracker.model import Floats, Ints, Marks, Metric, Outcome, Series, SeriesKey

type Json = Mapping[str, object]
type Bools = npt.NDArray[np.bool_]

# Indexed by Code. What was left out counts as failed: somebody measured, and nothing came of it.
_OUTCOMES: tuple[Outcome | None, ...] = (
    None,
    Outcome.FAILED,
    Outcome.UNSUPPORTED,
    *([Outcome.FAILED] * (Code.ABSENT - Code.NOT_A_NUMBER)),
)
_WHY: tuple[str | None, ...] = (None, *(REASONS[Code(code)] for code in range(1, Code.ABSENT)))
_NA = _WHY[Code.SKIPPED]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBuilder:
    """Makes the series of one table after the other."""

    columns: Sequence[Column]
    benchmarks: Mapping[str, Json]
    metrics: Mapping[str, Metric]
    records: Records
    skipped: set[Column]

    def build(self, table: Table, machine: str, environment: str) -> Iterator[Series]:
        """Give the series of *table*; one that only ever says n/a goes to `skipped`."""
        # What most series lack is one array for all of them.
        unknown = np.full(len(table.positions), np.nan)
        none = np.zeros(len(table.positions) + 1, dtype=np.int64)
        no_loops = np.zeros(0, dtype=np.int32)
        unbuilt = self.records.build_failures(machine, environment)
        for number, column in enumerate(self.columns):
            pick = _present(table.codes[number])
            codes = table.codes[number][pick]
            if not len(codes):
                continue
            is_whole = not codes.any()  # measured at every commit
            params = self._name_params(column)
            scenario, library = column.benchmark.partition(".")[0], _library(params)
            known = self.records.reasons(machine, environment, scenario, library)
            if not (is_whole or known) and _is_never_selected(codes):
                self.skipped.add(column)
                continue
            positions = table.positions[pick]
            samples, offsets = _samples(table, number, pick) or (
                table.samples[:0],
                none[: len(codes) + 1],
            )
            yield Series(
                key=SeriesKey(
                    benchmark=column.benchmark,
                    params=params,
                    machine=machine,
                    environment=environment,
                ),
                metric=self.metrics[column.benchmark],
                scenario=scenario,
                library=library,
                version=column.version,
                positions=positions,
                values=table.values[number][pick],
                low=unknown[: len(codes)] if table.low is None else table.low[number][pick],
                high=unknown[: len(codes)] if table.high is None else table.high[number][pick],
                samples=samples,
                offsets=offsets,
                loops=no_loops if table.loops is None else table.loops[number][pick],
                outcomes={} if is_whole else Marks(positions, codes, _OUTCOMES),
                reasons={} if is_whole else _reasons(positions, codes, known, unbuilt),
            )

    def _name_params(self, column: Column) -> tuple[tuple[str, str], ...]:
        names = _parameter_names(self.benchmarks[column.benchmark], len(column.params))
        return tuple(zip(names, column.params, strict=True))


def _present(codes: Codes) -> slice | Bools:
    """Return what picks the commits that have a cell: all, usually."""
    present = codes != Code.ABSENT
    return slice(None) if present.all() else present


def _is_never_selected(codes: Codes) -> bool:
    """Say whether nothing but n/a was ever stored, apart from commits where all failed."""
    skipped = codes == Code.SKIPPED
    return bool(skipped.any() and (skipped | (codes == Code.NOTHING_MEASURED)).all())


def _reasons(
    positions: Ints, codes: Codes, known: Mapping[int, str], unbuilt: Mapping[int, str]
) -> Mapping[int, str]:
    """Return why cells have no value: what records say, else what the code means.

    A value that was left out keeps that as its reason: the records know of no fault.
    """
    marks = Marks(positions, codes, _WHY)
    if not known and not unbuilt:
        return marks
    reasons = {}
    for position, why in marks.items():
        failed = why in {_WHY[Code.FAILED], _WHY[Code.NOTHING_MEASURED]}
        told = unbuilt.get(position, why) if failed else why
        reasons[position] = known.get(position, told) if failed or why == _NA else told
    return reasons


def _samples(table: Table, number: int, pick: slice | Bools) -> tuple[Floats, Ints] | None:
    """Return (samples, offsets) of the commits that *pick* gives of the column *number*, if any."""
    if table.starts is None or table.counts is None or not table.counts[number].any():
        return None
    starts, counts = table.starts[number][pick], table.counts[number][pick]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    source = np.repeat(starts - offsets[:-1], counts) + np.arange(offsets[-1])
    return table.samples[source], offsets


def _parameter_names(benchmark: Json, count: int) -> list[str]:
    """Return asv's names of the parameters; it calls those without a name param1, param2, ..."""
    given = benchmark.get("param_names")
    names = [str(name) for name in given] if isinstance(given, list) else []
    return [*names[:count], *(f"param{i + 1}" for i in range(len(names), count))]


def _library(params: Sequence[tuple[str, str]]) -> str:
    """Return the value of the parameter `library`, "" when there is none."""
    text = dict(params).get("library", "")
    if not text:
        return ""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text
