"""Show what each library offers in each scenario, and what was measured of it.

    python -m benchmarks.harness.matrix --libraries celery,rq

Standard library only: it runs with any interpreter.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.harness.shared import settings
from benchmarks.harness.shared.adapter import Level
from benchmarks.harness.shared.adapter_support import overall
from benchmarks.harness.shared.command import command_line, run
from benchmarks.harness.shared.errors import UnknownLibraryError, UnknownScenarioError
from benchmarks.harness.shared.registry import LIBRARIES, import_adapter
from benchmarks.harness.shared.scenarios import import_spec, scenario_names
from benchmarks.harness.shared.spec import ScenarioSpec

VERSION = 1
"""Of the JSON form."""

type Record = Mapping[str, object]

_MARKS = {"measured": "measured", "failed": "FAILED", "unsupported": "unsupported", "": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSupport:
    """What a library offers of one variant."""

    name: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One library in one scenario.

    Attributes:
        level: unsupported when no variant is offered, approximate when one of those offered is.
        reason: of the first such variant.
        outcome: of the newest measurement: measured, failed, unsupported, or empty.
        outcome_reason: why it failed.
    """

    library: str
    scenario: str
    title: str
    level: str
    reason: str
    variants: tuple[VariantSupport, ...]
    outcome: str = ""
    outcome_reason: str = ""


def offered(library: str, spec: ScenarioSpec) -> MatrixCell:
    """What *library* says of the scenario *spec*."""
    adapter = import_adapter(library)
    supports = [(v.name, adapter.support(spec.name, v.name)) for v in spec.variants_for(library)]
    whole = overall([support for _, support in supports])
    return MatrixCell(
        library=library,
        scenario=spec.name,
        title=spec.title,
        level=whole.level,
        reason=whole.reason,
        variants=tuple(
            VariantSupport(name=name, level=support.level, reason=support.reason)
            for name, support in supports
        ),
    )


def recorded(cell: MatrixCell, results: Path) -> MatrixCell:
    """*cell* with the outcome of its newest run record under *results*."""
    record = newest_record(results, cell.scenario, cell.library)
    if record is None:
        return cell
    return replace(cell, outcome=str(record["outcome"]), outcome_reason=str(record["reason"]))


def as_text(cells: Sequence[MatrixCell]) -> str:
    """The table, then why cells are approximated, unsupported or failed."""
    libraries = list(dict.fromkeys(cell.library for cell in cells))
    by_key = {(cell.scenario, cell.library): cell for cell in cells}
    scenarios = list(dict.fromkeys(cell.scenario for cell in cells))
    measured = any(cell.outcome for cell in cells)
    rows = [["scenario", *libraries]]
    for scenario in scenarios:
        found = [by_key[scenario, library] for library in libraries]
        rows.append([scenario, *(_MARKS[c.outcome] if measured else c.level for c in found)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", *_reasons(cells)])


def _reasons(cells: Sequence[MatrixCell]) -> list[str]:
    lines = []
    for cell in cells:
        if cell.outcome == "failed":
            lines.append(f"{cell.scenario}, {cell.library}: failed: {cell.outcome_reason}")
        cells_of: dict[tuple[str, str], list[str]] = {}
        for variant in cell.variants:
            if variant.level != Level.NATIVE:
                cells_of.setdefault((variant.level, variant.reason), []).append(variant.name)
        for (level, reason), names in cells_of.items():
            which = "" if len(names) == len(cell.variants) else f" ({', '.join(names)})"
            lines.append(f"{cell.scenario}, {cell.library}{which}: {level}: {reason}")
    return lines


def newest_record(results: Path, scenario: str, library: str) -> Record | None:
    """The newest run record of a cell under *results*."""
    files = results.glob(f"*/records/*/{scenario}.{library}.record")
    newest = max(files, key=lambda path: path.stat().st_mtime, default=None)
    return None if newest is None else json.loads(newest.read_text(encoding="utf-8"))


def list_cells(
    libraries: Sequence[str], scenarios: Sequence[str], results: Path
) -> list[MatrixCell]:
    """Every library in every scenario, with the outcome that *results* has of it."""
    specs = [import_spec(scenario) for scenario in scenarios]
    return [recorded(offered(library, spec), results) for spec in specs for library in libraries]


def parser(
    module: str = "benchmarks.harness.matrix", description: str | None = __doc__
) -> argparse.ArgumentParser:
    """The command line: which cells, and where their results are."""
    options = command_line(module, description)
    options.add_argument(
        "--libraries", default="", metavar="A,B", help="only these libraries (default: all eight)"
    )
    options.add_argument(
        "--scenarios", default="", metavar="A,B", help="only these scenarios (default: all)"
    )
    options.add_argument(
        "--results", type=Path,
        help="folder of the results tree (default: $TRACKER_RESULTS or .asv/results)",
    )  # fmt: skip
    return options


def choose_libraries(text: str) -> tuple[str, ...]:
    """The libraries of a comma list, all for an empty one; UnknownLibraryError."""
    return _choose(text, LIBRARIES, UnknownLibraryError)


def choose_scenarios(text: str) -> tuple[str, ...]:
    """The scenarios of a comma list, all for an empty one; UnknownScenarioError."""
    return _choose(text, scenario_names(), UnknownScenarioError)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the matrix; returns the exit code."""
    arguments = parser()
    arguments.add_argument(
        "--format", default="text", choices=["text", "json"], help="text, or JSON for programs"
    )
    options = arguments.parse_args(argv)
    cells = list_cells(
        choose_libraries(options.libraries),
        choose_scenarios(options.scenarios),
        options.results or settings.read().results,
    )
    if options.format == "json":
        document = {"version": VERSION, "cells": [asdict(cell) for cell in cells]}
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        sys.stdout.write(as_text(cells) + "\n")
    return 0


def _choose(
    text: str,
    names: Sequence[str],
    error: type[UnknownLibraryError] | type[UnknownScenarioError],
) -> tuple[str, ...]:
    wanted = {name.strip() for name in text.split(",") if name.strip()} or set(names)
    for name in sorted(wanted):
        if name not in names:
            raise error(name, names)
    return tuple(name for name in names if name in wanted)


if __name__ == "__main__":
    run(main)
