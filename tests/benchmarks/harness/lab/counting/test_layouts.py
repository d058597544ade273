"""Instructions are counted in several layouts of memory, so that none of them decides."""

import subprocess
import sys
from pathlib import Path

from benchmarks.harness.lab.counting.count_requests import plan_of
from benchmarks.harness.lab.counting.counted_cell import QUICK
from benchmarks.harness.lab.counting.counted_round import ROLES, Instructions


def address_of_an_object(tmp_path: Path, layout: int) -> int:
    """Where a process of this layout puts a large object."""
    hook = Instructions(dict.fromkeys(ROLES, tmp_path), QUICK, layout).hooks.worker
    same_addresses = hook.prefix[: hook.prefix.index("valgrind")]
    told = subprocess.run(
        [*same_addresses, sys.executable, "-I", "-c", "print(id(bytes(5000)))"],
        env=dict(hook.environment),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout)


def test_a_layout_repeats_and_another_puts_objects_elsewhere(tmp_path):
    """Equal numbers are equal addresses, where the system allows that; other numbers are others."""
    first, again, other = (address_of_an_object(tmp_path, layout) for layout in (0, 0, 1))
    assert first != other
    if Instructions(dict.fromkeys(ROLES, tmp_path), QUICK).hooks.worker.prefix[0] == "setarch":
        assert first == again


def test_a_request_says_its_layout():
    """The first one where it says none."""
    assert plan_of({}).layout == 0
    assert plan_of({"layout": 2, "rounds": 3}).layout == 2
