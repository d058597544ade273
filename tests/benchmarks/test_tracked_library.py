"""Libraries other than AsyncTasQ as the tracked one: a release through asv, from end to end."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.evaluation.matrix.run import newest_record
from tests.support.git import git
from tests.support.spine import SHORT_RUN, make_project, run_command
from tracker import cli

SCENARIO = "cold_start"
MACHINE = "tracked-test"


def measure_release(library: str, control: str, folder: Path) -> tuple[Path, Path]:
    """Measure the newest release of *library* beside *control*; the results and repository."""
    project, repository = make_project(folder / "project"), folder / "releases.git"
    config = project / "asv.conf.json"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"project": "asynctasq"', f'"project": "{library}"'), "utf-8")
    assert cli.run(["releases", library, "--to", str(repository), "--last", "1", "--quiet"]) == 0
    done = subprocess.run(
        run_command(repository, MACHINE, scenario=SCENARIO, control=control),
        cwd=project,
        env=SHORT_RUN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return project / ".asv" / "results", repository


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("library", "control"), [("huey", "taskiq"), ("taskiq", "huey")])
def test_any_library_can_be_the_tracked_one(library: str, control: str, tmp_path: Path):
    """Its release is built by asv and measured there; the other one in its locked environment."""
    results, repository = measure_release(library, control, tmp_path)
    sha, tag = git(repository, "log", "-1", "--format=%H %(describe:tags)").split()

    stored = json.loads((results / MACHINE / f"{sha[:8]}-uv-py3.13.json").read_text("utf-8"))
    values, params, *_ = stored["results"]["cold_start.ColdStart.track_time_to_ready"]
    names = [name.strip("'") for name in params[0]]
    measured = {name for name, value in zip(names, values, strict=True) if value and value > 0}
    assert measured == {library, control}

    own, other = (newest_record(results, SCENARIO, name) for name in (library, control))
    assert (own["tracked"], other["tracked"]) == (True, False)
    assert own["commit"] == sha
    assert own["library_versions"][library] == tag.removeprefix("v")
