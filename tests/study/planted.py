"""How often planted slowdowns are found, by us and by others: `python -m tests.study.planted`.

Builds AsyncTasQ once, plants extra work per task into copies of it, measures rounds of all copies
for the given time, and draws many simulated comparisons from these rounds. `--replay` draws from
an earlier recording without measuring. Prints the table of docs/comparing.md.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np

from tests.study.plant import PLACES, copy_environment, plant
from tests.study.recording import AGAIN, BASE, Recording, measure_one, record
from tests.study.replay import ReplayMachine, Rival, alarms, effect, simulate
from tracker.history.direction import describe_metric
from tracker.measure.builds import Commits, build_both
from tracker.measure.harness_lines import HarnessMeasurer, HarnessSetup, find_harness
from tracker.measure.measurer import Label, Turn
from tracker.model import Outcome

LEVELS = (0, 3, 5, 10, 20)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tally:
    """What became of the simulated comparisons of one level; shares of 1."""

    level: int
    cpu: float
    throughput: float
    found: float
    asv: float
    asv_finer: float
    single: float
    minutes: float
    rounds: float


@click.command()
@click.option("--repo", default="", help="Repository of AsyncTasQ; default: asv.conf.json's.")
@click.option("--commit", default="HEAD", show_default=True)
@click.option("--minutes", default=12.0, show_default=True, help="Time to measure.")
@click.option("--size", type=click.Choice(["quick", "full"]), default="quick", show_default=True)
@click.option("--scenario", default="basic_throughput", show_default=True)
@click.option("--where", type=click.Choice(list(PLACES)), default="worker", show_default=True)
@click.option("--comparisons", default=200, show_default=True, help="Simulated, per level.")
@click.option("--budget", default=15.0, show_default=True, help="Minutes of a comparison.")
@click.option("--recording", "path", type=click.Path(path_type=Path), default=None)
@click.option("--replay", is_flag=True, help="Use --recording as it is; measure nothing.")
def main(
    *,
    repo: str,
    commit: str,
    minutes: float,
    size: str,
    scenario: str,
    where: str,
    comparisons: int,
    budget: float,
    path: Path | None,
    replay: bool,
) -> None:
    """Print the table: planted extra work, and the share of comparisons that raised an alarm."""
    path = path or ROOT / ".asv" / "study" / f"{scenario}-{size}.json"
    if not replay:
        setup, pythons = prepare(repo, commit, size, scenario, where)
        recording = record(setup, pythons, scenario, minutes=minutes, say=_say)
        path.parent.mkdir(parents=True, exist_ok=True)
        recording.save(path)
    recording = Recording.load(path)
    samples = 10  # with 6 and 6 asv's test can never reach its own threshold of 0.002
    with ProcessPoolExecutor() as pool:
        rest = ([value] * len(LEVELS) for value in (comparisons, 60 * budget, samples))
        tallies = list(pool.map(tally, [recording] * len(LEVELS), LEVELS, *rest))
    click.echo(table(tallies, len(recording.rounds), comparisons))


def prepare(
    repo: str, commit: str, size: str, scenario: str, where: str
) -> tuple[HarnessSetup, dict[str, str]]:
    """Build AsyncTasQ, measure its time per task, and plant every level into a copy."""
    commits = Commits(
        config=ROOT / "asv.conf.json", repo=repo, base=commit, head=commit, exact=True
    )
    built, _ = build_both(commits, lambda _: None)
    if built.failure:
        raise SystemExit(built.failure)
    setup = HarnessSetup(
        root=ROOT,
        command=find_harness(ROOT),
        project="asynctasq",
        pythons={Label.BASE: built.python, Label.HEAD: built.python},
        control="",
        size=size,
        describe=lambda benchmark, unit: describe_metric(benchmark, {"unit": unit}, ()),
    )
    per_task_s = worker_seconds(setup, scenario)
    environment, folder = Path(built.python).parents[1], ROOT / ".asv" / "study"
    pythons = {}
    # Names of equal length: AsyncTasQ's messages carry file paths.
    for what, level in ((BASE, 0), (AGAIN, 0), *((level_name(n), n) for n in LEVELS)):
        copy = folder / f"{what:_<5}"
        pythons[what] = str(copy_environment(environment, copy))
        turns = plant(copy, extra_s=per_task_s * level / 100, where=where) if level else 0
        _say(f"{what}: {level} % of {per_task_s * 1e6:.0f} us per task, {turns} turns")
    return setup, pythons


def worker_seconds(setup: HarnessSetup, scenario: str) -> float:
    """CPU seconds that the worker needs for a task: the median of three runs."""
    found = []
    with HarnessMeasurer(setup) as measurer:
        for seed in range(3):
            turn = Turn(label=Label.BASE, scenario=scenario, seed=seed)
            answer, _ = measure_one(measurer, turn, setup.pythons[Label.BASE])
            if answer.outcome is not Outcome.MEASURED:
                raise SystemExit(answer.reason)
            found += [
                reading.value / 1000
                for reading in answer.readings
                if reading.metric.name == "cpu_per_kilotask"
            ]
    return float(np.median(found))


def tally(
    recording: Recording, level: int, comparisons: int, budget_s: float, samples: int
) -> Tally:
    """Judge many simulated comparisons of one level."""
    name = level_name(level)
    rng = np.random.default_rng([7, level])
    machine = ReplayMachine(recording, name, rng, unchanged=level == 0)
    results = [
        simulate(replace(machine, now_s=0.0), budget_s=budget_s, seed=seed)
        for seed in range(comparisons)
    ]
    rivals = {
        "asv": Rival(samples, 1.1, statistics=True),
        "asv_finer": Rival(samples, 1.03, statistics=True),
        "single": Rival(1, 1.1, statistics=False),
    }
    shares = {
        key: float(np.mean([rival.alarms(recording, name, rng) for _ in range(comparisons)]))
        for key, rival in rivals.items()
    }
    return Tally(
        level=level,
        cpu=effect(recording, name, "cpu_per_kilotask"),
        throughput=effect(recording, name, "throughput"),
        found=float(np.mean([alarms(result) for result in results])),
        minutes=float(np.median([result.measured_s for result in results])) / 60,
        rounds=float(np.median([result.rounds for result in results])),
        **shares,
    )


def level_name(level: int) -> str:
    """Name of a level's environment and of its turns."""
    return f"lv{level:02}"


def table(tallies: list[Tally], rounds: int, comparisons: int) -> str:
    """The table in Markdown; alarms in percent of the comparisons."""
    columns = (
        "planted",
        "CPU per task",
        "throughput",
        "`tracker compare`",
        "minutes",
        "rounds",
        "`asv continuous` (1.1)",
        "the same at 1.03",
        "single runs, 10 %",
    )
    lines = [
        f"{comparisons} simulated comparisons per level, from {rounds} recorded rounds.",
        "",
        f"| {' | '.join(columns)} |",
        f"|{'---:|' * len(columns)}",
    ]
    lines += [
        f"| {t.level} % | {t.cpu - 1:+.1%} | {t.throughput - 1:+.1%} | {t.found:.1%} "
        f"| {t.minutes:.1f} | {t.rounds:.0f} | {t.asv:.1%} | {t.asv_finer:.1%} | {t.single:.1%} |"
        for t in tallies
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
