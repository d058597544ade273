"""What became of many simulated comparisons, and the table of it."""

from dataclasses import dataclass, replace

import numpy as np

from tests.evaluation.planted.copies import level_name
from tests.evaluation.planted.plant import COSTS
from tests.evaluation.planted.recording import Recording
from tests.evaluation.planted.replay import ReplayMachine, Rival, alarms, effect, simulate

# With 6 and 6, asv's test can never reach its own threshold of 0.002.
ASV_SAMPLES = 10
RIVALS = {
    "asv": Rival(ASV_SAMPLES, 1.1, statistics=True),
    "asv_finer": Rival(ASV_SAMPLES, 1.03, statistics=True),
    "single": Rival(1, 1.1, statistics=False),
}
COLUMNS = (
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


def tally(recording: Recording, level: int, where: str, comparisons: int, budget_s: float) -> Tally:
    """Judge many simulated comparisons of one level."""
    name = level_name(level)
    rng = np.random.default_rng([7, level])
    machine = ReplayMachine(recording, name, rng, unchanged=level == 0)
    results = [
        simulate(replace(machine, now_s=0.0), budget_s=budget_s, seed=seed)
        for seed in range(comparisons)
    ]
    shares = {
        key: float(np.mean([rival.alarms(recording, name, rng) for _ in range(comparisons)]))
        for key, rival in RIVALS.items()
    }
    return Tally(
        level=level,
        cpu=effect(recording, name, COSTS[where]),
        throughput=effect(recording, name, "throughput"),
        found=float(np.mean([alarms(result) for result in results])),
        minutes=float(np.median([result.measured_s for result in results])) / 60,
        rounds=float(np.median([result.rounds for result in results])),
        **shares,
    )


def table(tallies: list[Tally], rounds: int, comparisons: int, took_s: float) -> str:
    """The table in Markdown; alarms in percent of the comparisons."""
    lines = [
        f"{comparisons} simulated comparisons per level, from {rounds} recorded rounds.",
        f"A turn took {took_s:.1f} s.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---:|' * len(COLUMNS)}",
    ]
    lines += [
        f"| {t.level} % | {t.cpu - 1:+.1%} | {t.throughput - 1:+.1%} | {t.found:.1%} "
        f"| {t.minutes:.1f} | {t.rounds:.0f} | {t.asv:.1%} | {t.asv_finer:.1%} | {t.single:.1%} |"
        for t in tallies
    ]
    return "\n".join(lines)
