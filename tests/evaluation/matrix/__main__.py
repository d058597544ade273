"""Measure every cell of the matrix of libraries and scenarios, and how much its runs differ.

    python -m tests.evaluation.matrix                     measure what is not measured yet
    python -m tests.evaluation.matrix --spread --write    only the table, into RESULTS.md

Finished cells are not measured again unless `--again` is given. The exit code is 1 when a cell has
failed; an unsupported cell is no failure.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.matrix import (
    as_text,
    choose_libraries,
    choose_scenarios,
    list_cells,
    newest_record,
    parser,
)
from benchmarks.harness.shared import settings
from benchmarks.harness.shared.command import run
from benchmarks.harness.shared.spec import Size
from tests.evaluation.matrix.run import FINISHED, Plan, measure_cells, read_durations
from tests.evaluation.matrix.spread import as_markdown, spread_of
from tests.evaluation.results_page import write_table


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


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    command_line = parser("tests.evaluation.matrix", __doc__)
    command_line.add_argument("--size", default="quick", choices=[str(size) for size in Size])
    command_line.add_argument("--again", action="store_true", help="measure finished cells, too")
    command_line.add_argument("--spread", action="store_true", help="measure nothing")
    command_line.add_argument("--write", action="store_true", help="write into RESULTS.md")
    options = command_line.parse_args(argv)
    defaults = settings.read()
    plan = Plan(
        libraries=choose_libraries(options.libraries),
        scenarios=choose_scenarios(options.scenarios),
        size=options.size,
        results=options.results or defaults.results,
        machine=defaults.machine,
        again=options.again,
    )
    if not options.spread:
        measure_cells(plan)
    cells = list_cells(plan.libraries, plan.scenarios, plan.results)
    spread = spread_text(plan.libraries, plan.scenarios, plan.results)
    if options.write:
        write_table("spread", spread)
    sys.stdout.write(f"{spread}\n" if options.spread else f"{as_text(cells)}\n\n{spread}\n")
    failed = any(cell.outcome not in FINISHED for cell in cells)
    return 1 if failed and not options.spread else 0


if __name__ == "__main__":
    run(main)
