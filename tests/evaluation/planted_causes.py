"""How often an explanation names what was planted.

    python -m tests.evaluation.planted_causes --repo DIR [--seed 1] [--each 5] [--write]

Copies of AsyncTasQ get one change each, of seven kinds, in functions drawn from those that
a task runs; each copy is counted once with real workers, beside the untouched library, and
explained from the counts and the sources. No clock is read. Then the untouched library is counted
`--equal` times, and every two of these counts are explained as if nothing were known of their
sources: what is said of equal code. DIR is what `tracker releases asynctasq --to DIR` makes.
"""

import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from tests.evaluation.causes.environments import (
    FOLDER,
    SCENARIO,
    count,
    count_untouched,
    package_of,
    packages,
    parse_options,
    sources,
)
from tests.evaluation.causes.plants import STATEMENTS, Plant, dependencies, draw, is_named
from tests.evaluation.planted.plant import copy_environment
from tests.evaluation.results_page import write_table
from tracker.explain.explaining import CountedCommit, explain
from tracker.explain.source_code import CodeChange, compare_sources
from tracker.model.counts import Counts
from tracker.model.explanation import Cause, CauseKind, Explanation

NAME = "planted causes"


def main() -> int:
    """Plant, count, explain, and print the table."""
    options = parse_options(__doc__, NAME, each=5, equal=10)
    base, counted = count_untouched(options.repo, options.commit)
    chance = random.Random(options.seed)
    plants = [
        *draw(package_of(base), counted, chance, options.each, STATEMENTS),
        *dependencies(options.each),
    ]
    rows = []
    for plant, explanation in zip(plants, try_all(base, counted, plants), strict=True):
        if explanation is None:
            sys.stdout.write(f"      {plant.kind.value:10} in {plant.function:60} -> it fails\n")
            continue
        first = explanation.scenarios[0].causes[:1] if explanation.scenarios else ()
        rows.append((plant, first[0] if first else None))
        say_row(*rows[-1])
    table = tally(rows) + equal_code(base, options.equal)
    sys.stdout.write(table)
    if options.write:
        write_table(NAME, f"Seed {options.seed}.\n\n{table}")
    return 0


def try_all(base: Path, counted: Counts, plants: Sequence[Plant]) -> Iterator[Explanation | None]:
    """Explain each plant, two copies at a time; None for one with which the library fails."""
    for start in range(0, len(plants), 2):
        some = plants[start : start + 2]
        copies = [FOLDER / f"cp{place}" for place in range(len(some))]
        for plant, copy in zip(some, copies, strict=True):
            copy_environment(base, copy)
            plant.apply(copy)
        answers = count([copy / "bin/python" for copy in copies], seed=0)
        for copy, answer in zip(copies, answers, strict=True):
            yield explain_copy(base, copy, counted, answer) if answer else None
            shutil.rmtree(copy)


def explain_copy(base: Path, copy: Path, counted: Counts, other: Counts) -> Explanation:
    """Explain a planted copy beside the untouched library."""
    sides = [
        CountedCommit(sha=where.name, counts={SCENARIO: counts}, packages=packages(where))
        for where, counts in ((base, counted), (copy, other))
    ]
    code: CodeChange = compare_sources(sources(base), sources(copy))
    return explain("asynctasq", sides[0], sides[1], code)


def equal_code(base: Path, times: int) -> str:
    """Count the untouched library so many times; say of how many pairs something is explained."""
    counted: list[Counts | None] = []
    for _ in range(0, times, 2):
        counted += count([base / "bin/python"] * 2, seed=0)
    installed = packages(base)
    sides = [
        CountedCommit(sha=f"count {number}", counts={SCENARIO: one}, packages=installed)
        for number, one in enumerate(counted)
        if one is not None
    ]
    pairs = list(combinations(sides, 2))
    told = sum(bool(explain("asynctasq", one, other, None).scenarios) for one, other in pairs)
    return (
        f"\n{len(sides)} counts of equal code, its sources unknown: "
        f"{told} of {len(pairs)} pairs explained.\n"
    )


def say_row(plant: Plant, first: Cause | None) -> None:
    """Print one plant and what was found."""
    told = f"{first.kind.value} {first.name}" if first else "nothing"
    mark = "ok   " if is_named(plant, first) and first and first.kind is plant.kind else "WRONG"
    sys.stdout.write(f"{mark} {plant.kind.value:10} in {plant.function:60} -> {told}\n")
    sys.stdout.flush()


def tally(rows: Sequence[tuple[Plant, Cause | None]]) -> str:
    """Return the table by kind."""
    lines = ["| planted | changes | named first | right kind |", "|---|---|---|---|"]
    for kind in (*STATEMENTS, CauseKind.DEPENDENCY):
        own = [row for row in rows if row[0].kind is kind]
        named = sum(is_named(*row) for row in own)
        kinds = sum(first is not None and first.kind is plant.kind for plant, first in own)
        lines.append(f"| {kind.value} | {len(own)} | {named} | {kinds} |")
    named = sum(is_named(*row) for row in rows)
    kinds = sum(first is not None and first.kind is plant.kind for plant, first in rows)
    lines.append(f"| all | {len(rows)} | {named} | {kinds} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
