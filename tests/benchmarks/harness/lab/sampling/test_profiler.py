"""py-spy beside a real process, and why it cannot look."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.harness.lab.processes.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.sampling.profiler import Profiler
from benchmarks.harness.lab.sampling.stacks import fold
from benchmarks.harness.lab.sampling.tools import Tool, choose_tool
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.shared.errors import CellFailedError

PROGRAM = """
import hashlib, time
def rest():
    time.sleep(0.02)
def work():
    hashlib.pbkdf2_hmac("sha256", b"x", b"y", 20_000)
print("begun", flush=True)
while True:
    rest()
    work()
"""


@pytest.fixture
def tool() -> Tool:
    """py-spy, which the tests' environment has."""
    found = choose_tool(Path(sys.executable), "lib")
    assert found is not None
    return found


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    """Ends what a test has started."""
    with Keeper() as made:
        yield made


def start(keeper: Keeper, program: Path) -> Process:
    """Run *program*; return when it has begun."""
    command = [sys.executable, str(program)]
    log = program.with_suffix(".log")
    process = keeper.start("program", command, environment=child_environment({}), log=log)
    while "begun" not in process.log_tail():
        assert not process.died()
        SystemClock().sleep(0.01)
    return process


@pytest.mark.slow
def test_waiting_and_c_code_are_seen_in_the_function_that_calls_them(tmp_path, keeper, tool):
    """Both hide from counts: they run no Python."""
    program = tmp_path / "site-packages" / "lib" / "program.py"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM)
    process = start(keeper, program)
    sampling = Profiler(tool, [process.pid], tmp_path, keeper, SystemClock())
    SystemClock().sleep(2.0)
    found = fold(sampling.stop(), "lib", tool.read_frame)
    assert found.looks > 100
    assert {name for _, name in found.functions} >= {"rest", "work"}
    inside = sum(found.functions[("lib/program.py", name)] for name in ("rest", "work"))
    assert inside > 0.8 * found.looks
    assert not process.died()


@pytest.mark.slow
def test_a_process_that_cannot_be_read_is_a_reason(tmp_path, keeper, tool):
    """One that is no Python."""
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        try:
            with pytest.raises(CellFailedError, match="or does not know their Python") as caught:
                Profiler(tool, [process.pid], tmp_path, keeper, SystemClock())
        finally:
            process.kill()
    assert "\n" not in caught.value.reason


@pytest.mark.slow
@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can give up its rights"
)
def test_a_system_that_does_not_let_us_look_is_a_reason(tmp_path, keeper, tool):
    """A profiler without the right to read processes of others says what stands in its way."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    process = start(keeper, program)
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    weak = replace(tool, program=(*nobody, *tool.program))
    with pytest.raises(CellFailedError, match=r"it may not read the processes .*SYS_PTRACE"):
        Profiler(weak, [process.pid], tmp_path, keeper, SystemClock())
