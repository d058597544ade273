"""Copies of AsyncTasQ with planted work: environments to record from, commits for real commands."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.evaluation.planted.plant import COSTS, copy_environment, plant, plant_in_package
from tests.evaluation.planted.recording import AGAIN, BASE, measure_one
from tracker.asv.builds import Commits, build_both
from tracker.compare.harness_process import MEASURE
from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Label, Turn
from tracker.compare.turn_parts import divide
from tracker.model import Outcome
from tracker.settings.directions import describe_metric
from tracker.suite.harness_environment import find_harness

ROOT = Path(__file__).parents[3]
STUDY = ROOT / ".asv" / "study"
LEVELS = (0, 3, 5, 10, 20)
SCENARIO = "basic_throughput"


def level_name(level: int) -> str:
    """Name of a level's environment, of its turns and of its branch."""
    return f"lv{level:02}"


def setup_for(size: str, budget_s: float, python: str = "") -> HarnessSetup:
    """The harness as `tracker compare` starts it for one scenario."""
    return HarnessSetup(
        root=ROOT,
        command=(find_harness(ROOT), *MEASURE),
        project="asynctasq",
        pythons={Label.BASE: python, Label.HEAD: python},
        control="",
        size=size,
        describe=lambda benchmark, unit: describe_metric(benchmark, {"unit": unit}, ()),
        parts=divide(size, budget_s, scenarios=1),
    )


def prepare(repo: str, commit: str, where: str, say: Callable[[str], None]) -> dict[str, str]:
    """Make, or find, a copy for every level; return what is in it, to its interpreter.

    Names have equal length: AsyncTasQ's messages carry file paths.
    """
    folder = STUDY / where
    completed = folder / "planted.json"
    if not completed.exists():
        shutil.rmtree(folder, ignore_errors=True)
        commits = Commits(
            config=ROOT / "asv.conf.json", repo=repo, base=commit, head=commit, exact=True
        )
        built, _ = build_both(commits, lambda _: None)
        if built.failure:
            raise SystemExit(built.failure)
        per_task_s = seconds_per_task(built.python, where)
        say(f"{where}: {per_task_s * 1e6:.0f} us of CPU per task")
        pythons = {}
        for what, level in ((BASE, 0), (AGAIN, 0), *((level_name(n), n) for n in LEVELS)):
            copy = folder / f"{what:_<5}"
            pythons[what] = str(copy_environment(Path(built.python).parents[1], copy))
            if level:
                plant(copy, extra_s=per_task_s * level / 100, where=where)
        made = {"sha": built.sha, "per_task_s": per_task_s, "pythons": pythons}
        completed.write_text(json.dumps(made), encoding="utf-8")
    found: dict[str, str] = json.loads(completed.read_text(encoding="utf-8"))["pythons"]
    return found


def seconds_per_task(python: str, where: str) -> float:
    """CPU seconds that the place needs for a task: the least of three turns."""
    found = []
    with HarnessMeasurer(setup_for("quick", 900, python)) as measurer:
        for seed in range(3):
            turn = Turn(label=Label.BASE, scenario=SCENARIO, seed=seed)
            answer, _ = measure_one(measurer, turn, python)
            if answer.outcome is not Outcome.MEASURED:
                raise SystemExit(answer.reason)
            found += [
                reading.value / 1000
                for reading in answer.readings
                if reading.metric.name == COSTS[where]
            ]
    return float(np.min(found))


def planted_repository(repo: str, where: str) -> tuple[Path, str]:
    """A clone whose branches hold the planted levels; also the unchanged commit."""
    made = json.loads((STUDY / where / "planted.json").read_text(encoding="utf-8"))
    clone, sha = STUDY / where / "repo", str(made["sha"])
    if not clone.exists():
        draft = clone.with_name("repo.draft")
        shutil.rmtree(draft, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", repo, str(draft)], check=True)
        for level in LEVELS:
            _git(draft, "checkout", "--quiet", "-B", level_name(level), sha)
            (worker,) = draft.glob("**/asynctasq/core/worker.py")
            if level:
                extra_s = float(made["per_task_s"]) * level / 100
                plant_in_package(worker.parents[1], extra_s=extra_s, where=where)
            _git(draft, "commit", "--quiet", "--all", "--allow-empty", "-m", f"Plant {level} %")
        draft.rename(clone)
    return clone, sha


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=study", "-c", "user.email=study@localhost")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)
