"""The spine from end to end: real commits, real workers, a real broker, asv's own commands."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from isal import igzip

from tests.support.spine import (
    break_build,
    git,
    kill_worker,
    make_project,
    make_repository,
    processes_of,
    start_run,
)
from tracker import cli

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MACHINE = "spine-test"


@dataclass(frozen=True)
class Spine:
    """One measured project: a good commit, one that does not build, one whose worker dies."""

    project: Path
    repository: Path
    good: str
    broken: str
    dying: str
    exit_code: int
    said: str

    @property
    def where(self) -> list[str]:
        """The options that lead a command to it."""
        return [
            "--config", str(self.project / "asv.conf.json"),
            "--results", str(self.project / ".asv" / "results"),
            "--repo", str(self.repository),
        ]  # fmt: skip


@pytest.fixture(scope="module")
def spine(tmp_path_factory):
    """Measure the three commits once."""
    folder = tmp_path_factory.mktemp("spine")
    project, repository = make_project(folder / "project"), make_repository(folder / "library")
    good = git(repository, "rev-parse", "HEAD")
    broken, dying = break_build(repository), kill_worker(repository)
    process = start_run(project, repository, MACHINE)
    said = process.communicate(timeout=500)[1]
    return Spine(project, repository, good, broken, dying, process.returncode, said)


def result_of(spine: Spine, sha: str) -> dict[str, list]:
    """Benchmark to asv's row for one commit."""
    path = spine.project / ".asv" / "results" / MACHINE / f"{sha[:8]}-uv-py3.13.json"
    return json.loads(path.read_text(encoding="utf-8"))["results"]


def test_the_run_goes_on_after_commits_that_fail(spine: Spine):
    """All three commits have results; the exit code says that some cells failed."""
    assert spine.exit_code == 5, spine.said
    for sha in (spine.good, spine.broken, spine.dying):
        assert result_of(spine, sha)


def test_the_good_commit_has_samples(spine: Spine):
    """Throughput of both libraries is stored with its raw samples."""
    result, params, *_ = result_of(spine, spine.good)[
        "basic_throughput.BasicThroughput.track_throughput"
    ]
    measured = [
        v for v, name in zip(result, params[0], strict=True) if name in {"'asynctasq'", "'celery'"}
    ]
    assert len(measured) == 2
    assert all(value > 50 for value in measured)


def test_reasons_of_failures_are_reported(spine: Spine, capsys):
    """`tracker report` names both faults in the words of the tools that met them."""
    cli.run(["report", *spine.where])
    text = capsys.readouterr().out
    assert "the commit does not build" in text
    assert "planted: no worker today" in text


def test_reasons_of_failures_are_on_the_site(spine: Spine, tmp_path: Path):
    """The published data of the failed cells carry their reasons."""
    assert cli.run(["publish", *spine.where, "--out", str(tmp_path / "site"), "--quiet"]) == 0
    packs = (path.read_bytes() for path in (tmp_path / "site" / "data").rglob("*.json.gz"))
    text = b"".join(map(igzip.decompress, packs)).decode()
    assert "the commit does not build" in text
    assert "planted: no worker today" in text


def test_a_control_is_measured_although_the_tracked_library_fails(spine: Spine):
    """The dying worker of one library takes nothing from the other."""
    rows = result_of(spine, spine.dying)["basic_throughput.BasicThroughput.track_throughput"]
    by_library = dict(zip((name.strip("'") for name in rows[1][0]), rows[0], strict=True))
    assert by_library["asynctasq"] is None
    assert by_library["celery"] > 50


@pytest.mark.parametrize("command", [["show"], ["compare"], ["publish", "--no-pull"]])
def test_asv_itself_works_on_the_results(spine: Spine, command: list[str]):
    """The commands of asv read what we have written, without a warning of skipped files."""
    commits = {"show": [spine.good], "compare": [spine.good, spine.dying]}.get(command[0], [])
    config = json.loads(
        "\n".join(
            line
            for line in (spine.project / "asv.conf.json").read_text().splitlines()
            if not line.strip().startswith("//")
        )
    )
    config["repo"] = str(spine.repository)
    own = spine.project / "plain.conf.json"
    own.write_text(json.dumps(config))
    machine = ["--machine", MACHINE] if command[0] != "publish" else []
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "asv",
            command[0],
            "--config",
            own,
            *command[1:],
            *machine,
            *commits,
        ],
        cwd=spine.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipping" not in done.stdout + done.stderr


def test_nothing_is_left_behind(spine: Spine):
    """No process that the measurement started outlives it."""
    assert spine.said
    assert processes_of(MACHINE) == []


def test_measuring_again_measures_nothing(spine: Spine):
    """Commits that have results are not measured twice."""
    process = start_run(spine.project, spine.repository, MACHINE)
    said = process.communicate(timeout=100)[1]
    assert process.returncode == 0, said
    assert "Setting up" not in said


def test_ctrl_c_in_the_middle_leaves_nothing_and_the_next_run_goes_on(spine: Spine):
    """An interrupt while workers run ends everything; nothing half-written stays."""
    machine = f"{MACHINE}-interrupted"
    process = start_run(spine.project, spine.repository, machine)
    give_up_at = time.monotonic() + 120
    while not any("celery" in " ".join(p.cmdline()) for p in _alive(machine)):
        assert time.monotonic() < give_up_at
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    give_up_at = time.monotonic() + 5
    while processes_of(machine) and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert processes_of(machine) == []
    for path in (spine.project / ".asv" / "results" / machine).rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


def _alive(machine: str):
    """Processes of a run that can still be asked for their command line."""
    for process in processes_of(machine):
        try:
            process.cmdline()
        except Exception:  # noqa: BLE001, S112 - gone in between
            continue
        yield process
