"""Bad input to every command: one line that names the thing, the next step, and an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tracker import cli
from tracker.errors import ExitCode

ROOT = Path(__file__).parents[3]
OURS = ("--config", str(ROOT / "asv.conf.json"))
SCENARIOS = "choose from basic_throughput, cold_start"
LIBRARIES = "choose from arq, asynctasq, celery"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit code, what happened, and the next step; nothing else is said."""
    code = cli.run(list(arguments))
    said = capsys.readouterr()
    what, step = said.err.splitlines()
    assert said.out == ""
    assert what.startswith("tracker: ")
    assert step.startswith("    try: ")
    return code, what, step


@pytest.mark.parametrize(
    ("arguments", "what", "step"),
    [
        (("run", *OURS, "--scenarios", "nothing"), "no scenario nothing", SCENARIOS),
        (("run", *OURS, "--libraries", "celeri"), "no library celeri", LIBRARIES),
        (("run", *OURS, "--machine", "a/b"), "'a/b'", "without /"),
        (("run", *OURS, "--machine", ".."), "'..'", "without /"),
        (("compare", "a", "b", *OURS, "--scenarios", "nothing"), "no scenario nothing", SCENARIOS),
        (("compare", "a", "b", *OURS, "--control", "celeri"), "no library celeri", LIBRARIES),
        (("compare", "a", "b", *OURS, "--out", "/no/x.json"), "/no/x.json", "existing folder"),
        (("compare", "a", "b", *OURS, "--out", "/"), "'/' is a directory", "compare --help"),
        (("scenarios", *OURS, "--scenarios", "nothing"), "no scenario nothing", SCENARIOS),
        (("scenarios", *OURS, "--libraries", "celeri"), "no library celeri", LIBRARIES),
        (("follow-up", "--verdicts", "v", "--recent", "0"), "--recent", "follow-up --help"),
        (("comment", "--pull", "0", "x.json"), "--pull", "comment --help"),
        (("nothing",), "'nothing'", "tracker --help"),
        (("report", "--format", "xml"), "'xml'", "tracker report --help"),
        (("results", "push", "nowhere", "--remote", "nowhere"), "nowhere", "pull"),
        *(
            ((*command, "--config", "none.json"), "none.json", "--config")
            for command in (
                ("run",), ("plan",), ("scenarios",), ("compare", "a", "b"), ("report",),
            )
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(capsys, arguments, what, step):
    """Wrong names and options are usage errors, found before anything is measured."""
    code, said, next_step = told(capsys, *arguments)
    assert code == ExitCode.USAGE
    assert what in said
    assert step in next_step


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]"])
@pytest.mark.parametrize("command", [("run",), ("plan",), ("scenarios",), ("compare", "a", "b")])
def test_a_broken_configuration_is_named(tmp_path, capsys, command, content):
    """Cut short, not text, or another thing: a data error."""
    config = tmp_path / "asv.conf.json"
    config.write_bytes(content)
    code, what, _ = told(capsys, *command, "--config", str(config))
    assert code == ExitCode.DATA
    assert str(config) in what


@pytest.mark.parametrize("command", [("run", "NEW"), ("compare", "a", "b", "--quiet")])
def test_a_folder_that_is_no_repository_is_named(tmp_path, capsys, command):
    """What asv says of a DVCS becomes a usage error."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "lib").mkdir()
    config = tmp_path / "asv.conf.json"
    config.write_text(
        '{"version": 1, "project": "x", "repo": "lib", "environment_type": "virtualenv"}'
    )
    code = cli.run([*command, "--config", str(config), "--repo", str(tmp_path / "lib")])
    said = capsys.readouterr().err
    assert code == ExitCode.USAGE
    assert f"tracker: there is no git repository at {tmp_path / 'lib'}" in said


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (PermissionError(13, "Permission denied", "/a/file"), "/a/file: Permission denied"),
        (ZeroDivisionError("division by zero"), "unexpected ZeroDivisionError"),
    ],
)
def test_what_no_command_expected_is_no_regression(monkeypatch, capsys, error, what):
    """It ends with 3 and one line, never with Python's own 1; --verbose shows where."""

    @click.command()
    @click.option("--verbose", is_flag=True)
    def broken(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli.group, "get_command", lambda *_: broken)
    code, said, _ = told(capsys, "report")
    assert code == ExitCode.DATA
    assert what in said
    cli.run(["report", "--verbose"])
    assert "in broken" in capsys.readouterr().err


def test_every_command_takes_verbose():
    """For an error that nobody foresaw we ask for what the same command says with it."""
    commands = [cli.group.get_command(click.Context(cli.group), name) for name in cli.COMMANDS]
    commands += [one for many in commands for one in getattr(many, "commands", {}).values()]
    names = {
        one.name
        for one in commands
        if not isinstance(one, click.Group) and "--verbose" not in str([p.opts for p in one.params])
    }
    assert names == set()


def test_nobody_reading_the_answer_is_no_regression():
    """`tracker ... | head` ends as a program that SIGPIPE ended."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tracker", "plan", *OURS]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    os.close(writing)
    assert done.returncode == cli.UNREAD
    assert done.stderr == b""


@pytest.mark.slow
@pytest.mark.parametrize("command", [("run", "main^!"), ("compare", "main", "main")])
def test_a_missing_server_is_told_before_anything_is_done(tmp_path, command):
    """No Redis: an exit code of its own, and neither results nor folders are made."""
    results = ("--results", str(tmp_path / "results")) if command[0] == "run" else ()
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *command, *OURS, "--repo", str(tmp_path), *results],
        env={**os.environ, "TRACKER_REDIS_SERVER": "/nowhere/redis-server"},
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == ExitCode.SERVER
    assert done.stderr.splitlines()[0].endswith(
        "TRACKER_REDIS_SERVER='/nowhere/redis-server' cannot be used"
    )
    assert list(tmp_path.iterdir()) == []
