"""Real runs of `tracker compare` and of `asv continuous` on planted commits: slow, so few."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.planted.copies import ROOT, SCENARIO, STUDY, level_name, planted_repository
from tests.evaluation.planted.replay import alarms
from tracker.asv.command import AsvProject, run_asv
from tracker.model.comparison import Comparison
from tracker.report.comparison.file import decode

ONLY_ASYNCTASQ = rf"^({SCENARIO})\..*\('asynctasq'\)"
ASV_FOUND_WORSE = 1


@dataclass(frozen=True)
class LiveTally:
    """Alarms among so many real runs of one level; None when none was made."""

    level: int
    tracker: tuple[int, int]
    asv: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class LivePlan:
    """What to run for real: each command so often at each level."""

    where: str
    size: str
    levels: tuple[int, ...]
    budget_min: float
    compares: int
    asvs: int


def run_live(repo: str, plan: LivePlan, say: Callable[[str], None]) -> list[LiveTally]:
    """Judge every level of *plan* so many times by each command."""
    clone, base = planted_repository(repo, plan.where)
    tallies = []
    for level in plan.levels:
        head = level_name(level)
        ours = [_is_alarm(clone, (base, head), plan, s) for s in range(plan.compares)]
        say(f"{level} %: tracker compare raised {sum(ours)} alarms in {plan.compares}")
        theirs = [_asv_continuous(clone, base, head, plan.size) for _ in range(plan.asvs)]
        say(f"{level} %: asv continuous raised {sum(theirs)} alarms in {plan.asvs}")
        tallies.append(LiveTally(level, (sum(ours), plan.compares), (sum(theirs), plan.asvs)))
    return tallies


def compare(clone: Path, commits: tuple[str, str], *options: str) -> Comparison:
    """What `tracker compare` says of *commits*; what it prints goes to standard error."""
    with tempfile.TemporaryDirectory(prefix="study-") as folder:
        out = Path(folder) / "comparison.json"
        command = [
            str(Path(sys.executable).with_name("tracker")), "compare", *commits,
            "--exact", "--repo", str(clone), "--out", str(out), *options,
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr)
        if not out.exists():
            raise SystemExit(f"no comparison was written by: {' '.join(command)}")
        return decode(out.read_bytes())


def _is_alarm(clone: Path, commits: tuple[str, str], plan: LivePlan, seed: int) -> bool:
    """Whether a real comparison calls any gating metric worse."""
    options = ("--scenarios", SCENARIO, "--size", plan.size, "--budget", f"{plan.budget_min}m")
    return alarms(compare(clone, commits, *options, "--seed", str(seed), "--quiet"))


def _asv_continuous(clone: Path, base: str, head: str, size: str) -> bool:
    """Whether asv itself says that head is worse, at its default factor of 1.1."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="study-") as folder:
        project = AsvProject(
            config=ROOT / "asv.conf.json",
            results=Path(folder) / "results",
            machine="study",
            overrides={"repo": str(clone), "env_dir": str(STUDY / "asv-env"), "branches": [head]},
        )
        code = run_asv(
            project,
            ["continuous", "--bench", ONLY_ASYNCTASQ, base, head],
            environment={"TRACKER_SIZE": size, "TRACKER_LIBRARIES": "asynctasq"},
            on_line=lines.append,
        )
    said = "".join(lines[-20:])
    if code not in {0, ASV_FOUND_WORSE}:
        raise SystemExit(said)
    return code == ASV_FOUND_WORSE


def live_table(plan: LivePlan, tallies: list[LiveTally]) -> str:
    """The table in Markdown."""
    head = [f"Each `tracker compare` had {plan.budget_min:g} minutes.", ""]
    head += ["| planted | `tracker compare` | `asv continuous` |", "|---:|---:|---:|"]
    return "\n".join(
        head
        + [
            f"| {t.level} % | {t.tracker[0]} of {t.tracker[1]} | {t.asv[0]} of {t.asv[1]} |"
            for t in tallies
        ]
    )
