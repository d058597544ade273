"""Which profiler is chosen, and what `profiling.sampling` of Python 3.15 writes.

No Python 3.15 is here: its command and its lines are as its sources say, and were never run.
"""

import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks.harness.lab.sampling import tools
from benchmarks.harness.lab.sampling.stacks import fold
from benchmarks.harness.lab.sampling.tools import choose_tool, functions_of, read_standard

PYTHON = Path(sys.executable)
LOOP = "tid:7;cli.py:main:3;runners.py:run:195;runners.py:Runner.run:118"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An interpreter for which the package `lib` is installed."""
    package = tmp_path / "lib/python3.15/site-packages/lib"
    (package / "more").mkdir(parents=True)
    (package / "cli.py").write_text("def main():\n    def inner(): ...\n")
    (package / "job.py").write_text("class Job:\n    async def do(self): ...\ndef twice(): ...\n")
    (package / "more/job.py").write_text("if True:\n    def twice(): ...\n    def once(): ...\n")
    return tmp_path / "bin/python"


def test_py_spy_comes_first_and_is_found_beside_the_interpreter():
    """It names files with their folders."""
    tool = choose_tool(PYTHON, "lib")
    assert tool is not None
    assert tool.name == "py-spy"
    command = tool.command(7, Path("out"))
    assert command[0] == str(PYTHON.with_name("py-spy"))
    assert command[-4:] == ["--output", "out", "--pid", "7"]


def test_without_py_spy_python_3_15_has_its_own(monkeypatch, installed):
    """Older ones have none, which is a reason that says what to do."""
    monkeypatch.setattr(tools, "PY_SPY", "no-such-profiler")
    monkeypatch.setattr(tools, "python_version", lambda _: "CPython 3.14.2")
    assert choose_tool(installed, "lib") is None
    assert tools.why_absent().startswith("no-such-profiler not found: install it")
    monkeypatch.setattr(tools, "python_version", lambda _: "CPython 3.15.0rc1")
    tool = choose_tool(installed, "lib")
    assert tool is not None
    command = tool.command(7, Path("out"))
    assert command[:4] == [str(installed), "-m", "profiling.sampling", "attach"]
    assert command[-3:] == ["--output", "out", "7"]


def test_a_function_is_found_by_its_file_without_folder(installed):
    """What two files share is told by neither."""
    assert dict(functions_of(installed, "lib")) == {
        ("cli.py", "main"): "lib/cli.py",
        ("cli.py", "main.<locals>.inner"): "lib/cli.py",
        ("job.py", "Job.do"): "lib/job.py",
        ("job.py", "once"): "lib/more/job.py",
    }


def test_its_stacks_are_folded_alike(installed):
    """The loop waits for nobody; packages belong to who calls them; twins to their caller."""
    read_frame = partial(read_standard, dict(functions_of(installed, "lib")))
    lines = [
        f"{LOOP} 9",
        f"{LOOP};job.py:Job.do:2;client.py:Client.send:8 4",
        f"{LOOP};job.py:Job.do:2;job.py:twice:3;<GC> 2",
        "tid:8;threading.py:wait:5 3",
    ]
    found = fold(lines, "lib", read_frame)
    assert (found.looks, dict(found.functions)) == (15, {("lib/job.py", "Job.do"): 6})
