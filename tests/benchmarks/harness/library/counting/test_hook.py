"""What the hook counts in real processes, against programs whose lines and calls are known."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness.lab.counting.counted_round import ENTRY
from benchmarks.harness.lab.counting.function_counts import FunctionTable
from benchmarks.harness.library.counting.allocations import PROCESSORS
from benchmarks.harness.library.counting.tracing import TRACER_VARIABLE
from benchmarks.harness.shared.count_files import (
    ALLOCATIONS,
    FOLDER_VARIABLE,
    FUNCTIONS,
    WHAT_VARIABLE,
)
from benchmarks.harness.shared.environments import REPOSITORY

LOOP = """
import os, sys, threading, multiprocessing

def loop(n):
    total = 0
    for i in range(n):
        total += abs(i)
    return total
"""
"""`loop(n)` is 2 n + 3 lines, 1 start and n + 1 calls."""


def count(tmp_path: Path, program: str, what: str = FUNCTIONS, **environment: str) -> FunctionTable:
    """Run *program* under the hook."""
    path, folder = tmp_path / "program.py", tmp_path / "counts"
    path.write_text(LOOP + program)
    folder.mkdir()
    variables = {
        **os.environ,
        "PYTHONPATH": f"{ENTRY}{os.pathsep}{REPOSITORY}",
        FOLDER_VARIABLE: str(folder),
        WHAT_VARIABLE: what,
        **environment,
    }
    subprocess.run([sys.executable, path], env=variables, check=True, timeout=60)
    return FunctionTable(folder)


def counts_of_loop(table: FunctionTable, name: str = "loop") -> list[int]:
    """Starts, lines and calls of `loop`."""
    counts, _ = table.read()
    rows = [i for i, (_, function) in enumerate(table.names.functions) if function == name]
    return counts[rows].sum(axis=0).tolist()


def test_lines_calls_and_starts_are_exact(tmp_path):
    """One addition per event, none lost and none too many."""
    assert counts_of_loop(count(tmp_path, "loop(100)\nloop(7)\n")) == [2, 220, 109]


def test_threads_are_counted(tmp_path):
    """Four at once, and no addition is lost between them."""
    program = """
sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=loop, args=(20_000,)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    assert counts_of_loop(count(tmp_path, program)) == [4, 160_012, 80_004]


def test_forks_are_counted_also_those_that_end_without_cleaning_up(tmp_path):
    """A worker that forks per task ends it by `os._exit`; a killed one has counted as well."""
    program = """
for n in (10, 20):
    if os.fork() == 0:
        def late(): loop(n)
        late()
        os.kill(os.getpid(), 9) if n == 20 else os._exit(0)
    os.wait()
loop(5)
"""
    table = count(tmp_path, program)
    assert counts_of_loop(table) == [3, 2 * 35 + 9, 38]
    assert counts_of_loop(table, "late")[0] == 2
    assert counts_of_loop(table) == [3, 2 * 35 + 9, 38], "what has ended is kept when read again"


def test_spawned_pools_are_counted(tmp_path):
    """A pool of new interpreters gets the hook by its environment."""
    program = """
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.map(loop, [10, 10])
"""
    assert counts_of_loop(count(tmp_path, program)) == [2, 46, 22]


def test_a_taken_tool_id_is_left_alone(tmp_path):
    """Coverage and profilers have theirs; ours is another one."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys; sys.monitoring.use_tool_id(4, 'other'); sys.other = True\n"
    )
    program = "assert sys.monitoring.get_tool(4) == 'asynctasq-tracker'\nloop(1)\n"
    assert counts_of_loop(count(tmp_path, program))[0] == 1


def test_where_every_tool_id_is_taken_it_says_so(tmp_path):
    """Nothing is counted, the program runs, and the reason is there to be read."""
    first = tmp_path / "first"
    first.mkdir()
    (first / "sitecustomize.py").write_text(
        "import runpy, sys\n"
        "for tool in range(6): sys.monitoring.use_tool_id(tool, 'other')\n"
        f"runpy.run_path({str(ENTRY / 'sitecustomize.py')!r})\n"
    )
    path = os.pathsep.join((str(first), str(REPOSITORY)))
    table = count(tmp_path, "loop(1)\n", PYTHONPATH=path)

    assert "taken by other tools" in table.absent
    assert counts_of_loop(table) == [0, 0, 0]


def test_a_sitecustomize_that_ours_hides_is_run(tmp_path):
    """A system's or a company's own start-up code is not lost."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "sitecustomize.py").write_text("import sys; sys.theirs = True\n")
    path = os.pathsep.join((str(ENTRY), str(REPOSITORY), str(tmp_path / "theirs")))
    count(tmp_path, "assert sys.theirs\n", PYTHONPATH=path)


@pytest.mark.skipif(os.uname().machine not in PROCESSORS, reason="no machine code for this one")
def test_allocations_are_exact(tmp_path):
    """A thousand objects more are a thousand allocations more, in every process alike."""
    program = "keep = [object() for _ in [None] * {}]\nif os.fork() == 0: os._exit(0)\nos.wait()\n"
    totals = []
    for size in (10_000, 10_000, 11_000):
        folder = tmp_path / str(len(totals))
        folder.mkdir()
        table = count(folder, program.format(size), ALLOCATIONS, PYTHONHASHSEED="0")
        assert not table.absent
        totals.append(table.read()[1])

    assert totals[0] == totals[1]
    assert 1000 <= totals[2] - totals[0] <= 1010, "and some growths of the list"


def test_a_process_that_lets_a_profiler_look_runs_and_forks_as_before(tmp_path):
    """With Yama it names the process that may; without, there is nothing to name."""
    fork = "pid = os.fork()\nif pid == 0:\n    os._exit(0)\n"
    program = f"{fork}assert os.waitpid(pid, 0)[1] == 0\nloop(3)\n"
    variables = {TRACER_VARIABLE: str(os.getpid())}
    assert counts_of_loop(count(tmp_path, program, **variables)) == [1, 9, 4]
