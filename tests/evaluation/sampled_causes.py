"""How often sampling gives C code and waiting a time, and equal code none.

    python -m tests.evaluation.sampled_causes --repo DIR [--seed 1] [--each 3] [--equal 3] [--write]

As in `planted_causes`, copies of AsyncTasQ get one change each, in functions drawn from those that
a task runs; here it is a call that no count prices. Each copy is counted once, and sampled in turns
with the untouched library. Then two untouched copies are sampled `--equal` times, and explained as
if nothing were known of their sources. What waits in the event loop cannot be sampled, and is left
out. DIR is what `tracker releases asynctasq --to DIR` makes.
"""

import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from tests.evaluation.causes.plants import STATEMENTS, Plant, draw, is_named
from tests.evaluation.planted.copies import setup_for
from tests.evaluation.planted.plant import copy_environment
from tests.evaluation.results_page import write_table
from tracker.compare.measurer import Label
from tracker.compare.sampling import NotSampled, sample_sides
from tracker.explain.explaining import CountedCommit, Findings, explain
from tracker.explain.source_code import CodeChange, compare_sources
from tracker.model.counts import Counts
from tracker.model.explanation import Cause, CauseKind, Explanation

NAME = "sampled causes"
KINDS = (CauseKind.C_CODE, CauseKind.WAITING)


def main() -> int:
    """Plant, count, sample, explain, and print the table."""
    options = parse_options(__doc__, NAME, each=3, equal=3)
    base, counted = count_untouched(options.repo, options.commit)
    rows = list(try_plants(base, counted, options.seed, options.each))
    table = tally(rows) + equal_code(base, counted, options.equal)
    sys.stdout.write(table)
    if options.write:
        write_table(NAME, f"Seed {options.seed}.\n\n{table}")
    return 0


def try_plants(
    base: Path, counted: Counts, seed: int, each: int
) -> Iterator[tuple[Plant, Cause | None]]:
    """Explain each plant; the first cause, None without one."""
    unpriced = {kind: [one for one in STATEMENTS[kind] if "await " not in one] for kind in KINDS}
    for plant in draw(package_of(base), counted, random.Random(seed), each, unpriced):
        copy = FOLDER / "cp0"
        copy_environment(base, copy)
        plant.apply(copy)
        (head,) = count([copy / "bin/python"], seed=0)
        if head is not None:
            code = compare_sources(sources(base), sources(copy))
            explanation = explain_sampled(base, copy, (counted, head), code)
            first = explanation.scenarios[0].causes[0] if explanation.scenarios else None
            say_row(plant, first)
            yield plant, first
        shutil.rmtree(copy)


def explain_sampled(
    base: Path, head: Path, counts: tuple[Counts, Counts], code: CodeChange | None
) -> Explanation:
    """Sample both in turns, and explain."""
    pythons = {Label.BASE: str(base / "bin/python"), Label.HEAD: str(head / "bin/python")}
    setup = replace(setup_for("quick", 900), pythons=pythons)
    profiles = sample_sides(setup, SCENARIO, 0, lambda _: None)
    if isinstance(profiles, NotSampled):
        raise SystemExit(profiles.reason)
    sides = [
        CountedCommit(sha=where.name, counts={SCENARIO: counted}, packages=packages(where))
        for where, counted in zip((base, head), counts, strict=True)
    ]
    return explain("asynctasq", *sides, code, Findings(profiles={SCENARIO: profiles}))


def equal_code(base: Path, counted: Counts, times: int) -> str:
    """Sample the untouched library beside its copy; say how often anything is told."""
    copy = FOLDER / "cp0"
    copy_environment(base, copy)
    told = sum(
        bool(explain_sampled(base, copy, (counted, counted), None).scenarios) for _ in range(times)
    )
    shutil.rmtree(copy)
    return f"\n{times} comparisons of equal code, its sources unknown: {told} told anything.\n"


def say_row(plant: Plant, first: Cause | None) -> None:
    """Print one plant and what was found."""
    told = f"{first.kind.value} {first.name}" if first else "nothing"
    seen = first.sampled if first else None
    time = f"{(seen.head - seen.base) * 1e6:+.0f} us" if seen else "no time"
    sys.stdout.write(f"{plant.kind.value:8} in {plant.function:56} -> {told}, {time}\n")
    sys.stdout.flush()


def tally(rows: Sequence[tuple[Plant, Cause | None]]) -> str:
    """Return the table by kind."""
    lines = [
        "| planted | changes | named first | right kind | given a time |",
        "|---|---|---|---|---|",
    ]
    for kind in KINDS:
        own = [(plant, first) for plant, first in rows if plant.kind is kind]
        named = [first for plant, first in own if first is not None and is_named(plant, first)]
        right = sum(first.kind is kind for first in named)
        timed = sum(first.sampled is not None for first in named)
        lines.append(f"| {kind.value} | {len(own)} | {len(named)} | {right} | {timed} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
