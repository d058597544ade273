"""What valgrind's callgrind writes, read by function."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness.lab.counting.callgrind import Callgrind, executed_by

CALLS = """\
# callgrind format
version: 1
creator: callgrind-3.19.0
positions: line
events: Ir
summary: 2158

ob=(3) /usr/lib/x86_64-linux-gnu/libc.so.6
fl=(1) ./string/memcpy.S
fn=(7) memcpy
0 40
fi=(2) ./string/inlined.h
+0 8

ob=(1) /env/lib/python3.13/site-packages/uvloop/loop.so
fl=(5)
fn=(9) run
0 100
cob=(3)
cfi=(1)
cfn=(7)
calls=2 0
0 48
cfn=(11) run'2
calls=1 0
* 2010

fn=(11)
0 10
cob=(4) /usr/lib/libz.so.1
cfn=(12) 0x0000000000001234
calls=1 0
0 2000

ob=(4)
fn=(12)
0 2000
totals: 2158
"""
"""Two functions that call others, one of them itself; the format is that of valgrind's manual."""


def test_what_a_function_executes_is_its_own():
    """Not what it calls; of inlined code, and however deep it calls itself, it is one function."""
    assert executed_by(CALLS.splitlines(keepends=True)) == {
        ("libc.so.6", "memcpy"): 48,
        ("uvloop/loop.so", "run"): 110,
        ("libz.so.1", ""): 2000,
    }


@pytest.mark.slow
def test_functions_add_up_to_all_that_a_process_executes(tmp_path: Path):
    """A real Python under a real valgrind: no instruction is lost, and none is counted twice."""
    role = Callgrind(tmp_path, from_start=True)
    program = "import zlib; zlib.crc32(bytes(100_000)); sorted(range(1000), key=str)"
    subprocess.run([*role.prefix, sys.executable, "-S", "-c", program], check=True)
    (written,) = tmp_path.glob("out.*")
    totals = [line for line in written.read_text().splitlines() if line.startswith("totals:")]

    counts = role.read([])

    assert counts.sum() == sum(int(line.split()[1]) for line in totals)
    functions = dict(zip(role.names.functions, counts[:, 0].tolist(), strict=True))
    assert max(functions, key=functions.__getitem__)[1] != ""
    assert sum(n for (_, symbol), n in functions.items() if "crc32" in symbol) > 100_000 / 16
    assert role.read([]).sum() == counts.sum()
