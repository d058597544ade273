"""The matrix of libraries and scenarios: what is offered, what was measured, and measuring it all.

    python -m benchmarks.harness.matrix                     what each library offers, and why not
    python -m benchmarks.harness.matrix --format json       the same for programs
    python -m benchmarks.harness.matrix --measure           measure every cell, then print the table
    python -m benchmarks.harness.matrix --spread            how much the runs of each cell differ
    python -m benchmarks.harness.matrix --spread --write    the same into docs/libraries.md

Standard library only: it runs with any interpreter, and measures in the harness's own environment.
`--libraries`, `--scenarios` and `--size` choose. With `--measure` finished cells are not measured
again (unless `--again` is given), the spread is printed at the end, and the exit code is 1 when a
cell has failed; unsupported cells are no failures.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.harness import settings
from benchmarks.harness.adapter import Level
from benchmarks.harness.command import run
from benchmarks.harness.document import LIBRARIES_PAGE, write_between
from benchmarks.harness.errors import UnknownLibraryError, UnknownScenarioError
from benchmarks.harness.matrix_run import Plan, measure_cells, newest_record, read_durations
from benchmarks.harness.matrix_spread import as_markdown, spread_of
from benchmarks.harness.registry import LIBRARIES, load_adapter
from benchmarks.harness.scenarios import load_spec, scenario_names
from benchmarks.harness.spec import ScenarioSpec, Size
from benchmarks.harness.support import overall

VERSION = 1
"""Of the JSON form."""

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
    adapter = load_adapter(library)
    found = [(v.name, adapter.support(spec.name, v.name)) for v in spec.variants_for(library)]
    whole = overall([support for _, support in found])
    return MatrixCell(
        library=library,
        scenario=spec.name,
        title=spec.title,
        level=whole.level,
        reason=whole.reason,
        variants=tuple(
            VariantSupport(name=name, level=support.level, reason=support.reason)
            for name, support in found
        ),
    )


def recorded(cell: MatrixCell, results: Path) -> MatrixCell:
    """*cell* with the outcome of its newest run record under *results*."""
    record = newest_record(results, cell.scenario, cell.library)
    if record is None:
        return cell
    return replace(cell, outcome=str(record["outcome"]), outcome_reason=str(record["reason"]))


def spread_text(libraries: Sequence[str], scenarios: Sequence[str], results: Path) -> str:
    """The table of coefficients of variation of what was measured into *results*."""
    durations = read_durations(results)
    return as_markdown(
        [
            spread_of(
                scenario,
                library,
                newest_record(results, scenario, library),
                durations.get(f"{scenario}.{library}"),
            )
            for scenario in scenarios
            for library in libraries
        ]
    )


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
        said: dict[tuple[str, str], list[str]] = {}
        for variant in cell.variants:
            if variant.level != Level.NATIVE:
                said.setdefault((variant.level, variant.reason), []).append(variant.name)
        for (level, reason), names in said.items():
            which = "" if len(names) == len(cell.variants) else f" ({', '.join(names)})"
            lines.append(f"{cell.scenario}, {cell.library}{which}: {level}: {reason}")
    return lines


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.harness.matrix")
    made.add_argument("--libraries", default="", help="comma list; default: all eight")
    made.add_argument("--scenarios", default="", help="comma list; default: all")
    made.add_argument("--size", default="quick", choices=[str(size) for size in Size])
    made.add_argument("--results", type=Path, help="default: $TRACKER_RESULTS or .asv/results")
    made.add_argument("--format", default="text", choices=["text", "json"])
    made.add_argument("--measure", action="store_true", help="measure what is not measured yet")
    made.add_argument("--again", action="store_true", help="measure finished cells again, too")
    made.add_argument("--spread", action="store_true", help="print coefficients of variation")
    made.add_argument("--write", action="store_true", help="write them into docs/libraries.md")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Print the matrix, measured before when asked; returns the exit code."""
    options = parser().parse_args(argv)
    libraries = _chosen(options.libraries, LIBRARIES, UnknownLibraryError)
    scenarios = _chosen(options.scenarios, scenario_names(), UnknownScenarioError)
    results = options.results or settings.read().results
    if options.measure:
        measure_cells(
            Plan(
                libraries=libraries,
                scenarios=scenarios,
                size=options.size,
                results=results,
                machine=settings.read().machine,
                again=options.again,
            )
        )
    cells = []
    for scenario in scenarios:
        spec = load_spec(scenario)
        cells += [recorded(offered(library, spec), results) for library in libraries]
    spread = spread_text(libraries, scenarios, results)
    if options.write:
        write_between(LIBRARIES_PAGE, "spread", spread)
    _print(cells, spread, options)
    failed = any(cell.outcome not in ("measured", "unsupported") for cell in cells)
    return 1 if options.measure and failed else 0


def _print(cells: Sequence[MatrixCell], spread: str, options: argparse.Namespace) -> None:
    if options.format == "json":
        document = {"version": VERSION, "cells": [asdict(cell) for cell in cells]}
        sys.stdout.write(json.dumps(document) + "\n")
        return
    if options.measure or not options.spread:
        sys.stdout.write(as_text(cells) + "\n")
    if options.measure or options.spread:
        sys.stdout.write(f"\n{spread}\n" if options.measure else f"{spread}\n")


def _chosen(
    text: str,
    known: Sequence[str],
    error: type[UnknownLibraryError] | type[UnknownScenarioError],
) -> tuple[str, ...]:
    wanted = {name.strip() for name in text.split(",") if name.strip()} or set(known)
    for name in sorted(wanted):
        if name not in known:
            raise error(name, known)
    return tuple(name for name in known if name in wanted)


if __name__ == "__main__":
    run(main)
