"""Instructions are counted in several layouts of memory, so that none of them decides."""

import itertools
import subprocess
import sys
from pathlib import Path

from benchmarks.harness.lab.counting.count_requests import plan_of
from benchmarks.harness.lab.counting.counted_cell import QUICK
from benchmarks.harness.lab.counting.counted_round import ROLES, Instructions

NAMES = "import asyncio.tasks as m; print(*(id(x) for pair in vars(m).items() for x in pair))"
MOST_OF = 0.4


def addresses(tmp_path: Path, layout: int) -> list[int]:
    """Where a process of this layout has the names and functions of a module."""
    hook = Instructions(dict.fromkeys(ROLES, tmp_path), QUICK, layout).hooks.worker
    same_addresses = hook.prefix[: hook.prefix.index("valgrind")]
    told = subprocess.run(
        [*same_addresses, sys.executable, "-c", NAMES],
        env=dict(hook.environment),
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(address) for address in told.stdout.split()]


def test_a_layout_repeats_and_another_puts_objects_elsewhere(tmp_path):
    """Equal numbers are equal addresses, where the system allows that; other numbers are others."""
    first, again, *others = (addresses(tmp_path, layout) for layout in (0, 0, 1, 2))
    for one, other in itertools.combinations((first, *others), 2):
        moved = sum(before != after for before, after in zip(one, other, strict=True))
        assert moved > MOST_OF * len(first)
    if Instructions(dict.fromkeys(ROLES, tmp_path), QUICK).hooks.worker.prefix[0] == "setarch":
        assert first == again


def test_a_request_says_its_layout():
    """The first one where it says none."""
    assert plan_of({}).layout == 0
    assert plan_of({"layout": 2, "rounds": 3}).layout == 2
