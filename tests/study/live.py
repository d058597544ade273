"""Real runs of `tracker compare` and of `asv continuous` on planted commits: slow, so few."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.study.copies import LEVELS, ROOT, SCENARIO, STUDY, level_name, planted_repository
from tests.study.replay import alarms
from tracker.measure.asv_command import AsvProject, run_asv
from tracker.report.comparison import decode

ONLY_ASYNCTASQ = rf"^({SCENARIO})\..*\('asynctasq'\)"
ASV_FOUND_WORSE = 1


@dataclass(frozen=True)
class LiveTally:
    """Alarms among so many real runs of one level; None when none was made."""

    level: int
    tracker: tuple[int, int]
    asv: tuple[int, int]


def run_live(
    repo: str,
    where: str,
    size: str,
    budget_min: float,
    *,
    compares: int,
    asvs: int,
    say: Callable[[str], None],
) -> list[LiveTally]:
    """Judge every level so many times by each command."""
    clone, base = planted_repository(repo, where)
    tallies = []
    for level in LEVELS:
        ours = [
            _compare(clone, (base, level_name(level)), size, budget_min, seed)
            for seed in range(compares)
        ]
        say(f"{level} %: tracker compare raised {sum(ours)} alarms in {compares}")
        theirs = [_asv_continuous(clone, base, level_name(level), size) for _ in range(asvs)]
        say(f"{level} %: asv continuous raised {sum(theirs)} alarms in {asvs}")
        tallies.append(LiveTally(level, (sum(ours), compares), (sum(theirs), asvs)))
    return tallies


def _compare(
    clone: Path, commits: tuple[str, str], size: str, budget_min: float, seed: int
) -> bool:
    """Whether a real comparison calls any gating metric worse."""
    with tempfile.TemporaryDirectory(prefix="study-") as folder:
        out = Path(folder) / "comparison.json"
        command = [
            str(Path(sys.executable).with_name("tracker")), "compare", *commits,
            "--exact", "--repo", str(clone), "--scenarios", SCENARIO, "--size", size,
            "--budget", f"{budget_min}m", "--seed", str(seed), "--out", str(out), "--quiet",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        if not out.exists():
            raise SystemExit(done.stderr)
        return alarms(decode(out.read_bytes()))


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


def live_table(tallies: list[LiveTally]) -> str:
    """The table in Markdown."""
    head = ["| planted | `tracker compare` | `asv continuous` |", "|---:|---:|---:|"]
    return "\n".join(
        head
        + [
            f"| {t.level} % | {t.tracker[0]} of {t.tracker[1]} | {t.asv[0]} of {t.asv[1]} |"
            for t in tallies
        ]
    )
