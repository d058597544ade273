"""The smallest change that `tracker doctor` predicts, against what comparisons then find.

    python -m tests.evaluation.planted.prediction --repo DIR --write

Measures rounds of three copies of the same code for some minutes. From these rounds it draws what
`tracker doctor --noise` would measure, which predicts, and comparisons in which every metric of
head is worse by so much. Rounds are kept: the same command goes on, unless `--fresh`.
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise

import click
import numpy as np

from tests.evaluation.planted.copies import SCENARIO, STUDY, prepare, setup_for
from tests.evaluation.planted.recording import Recording, record
from tests.evaluation.planted.replay import UNCHANGED, ReplayMachine, simulate
from tests.evaluation.results_page import check_markers, write_table
from tracker.adopt.noise_prediction import predict
from tracker.model import Verdict
from tracker.paired.policy import DEFAULT

SECTION = "doctor"
WHERE, SIZE = "worker", "quick"
LEVELS = (0.0, 0.02, 0.03, 0.033, 0.037, 0.042, 0.05, 0.06, 0.07, 0.085, 0.1, 0.14, 0.2, 0.4, 0.8)
# What a prediction promises.
OFTEN = 0.8
COLUMNS = ("metric", "predicted, median", "of 10 predictions, 8 are in", "found 4 times in 5")


@click.command()
@click.option("--repo", default="", help="Repository of AsyncTasQ; default: asv.conf.json's.")
@click.option("--commit", default="HEAD", show_default=True)
@click.option("--minutes", default=10.0, show_default=True, help="Time to measure.")
@click.option("--noise", default=2.0, show_default=True, help="Minutes of base against base.")
@click.option("--budget", default=15.0, show_default=True, help="Minutes of a comparison.")
@click.option("--comparisons", default=100, show_default=True, help="Simulated, per level.")
@click.option("--fresh", is_flag=True, help="Forget earlier recordings.")
@click.option("--write", is_flag=True, help="Put the table into RESULTS.md.")
def main(
    *,
    repo: str,
    commit: str,
    minutes: float,
    noise: float,
    budget: float,
    comparisons: int,
    fresh: bool,
    write: bool,
) -> None:
    """Print a row per gating metric: what is predicted, and the size that is found."""
    if write:
        check_markers(SECTION)
    path = STUDY / f"{SCENARIO}-{SIZE}-unchanged.json"
    if fresh:
        path.unlink(missing_ok=True)
    if minutes:
        pythons = prepare(repo, commit, WHERE, _say)
        copies = {name: pythons[name] for name in UNCHANGED}
        setup = setup_for(SIZE, 60 * budget)
        record(setup, copies, SCENARIO, minutes=minutes, path=path, say=_say)
    recording = Recording.load(path)
    text = draw(recording, 60 * noise, 60 * budget, comparisons)
    click.echo(text)
    if write:
        write_table(SECTION, text)


def draw(recording: Recording, noise_s: float, budget_s: float, comparisons: int) -> str:
    """The table of predictions and finds, drawn from one recording."""
    predicted = predictions(recording, noise_s, budget_s, comparisons)
    with ProcessPoolExecutor() as pool:
        share = partial(shares, recording, budget_s=budget_s, comparisons=comparisons)
        found = dict(zip(LEVELS, pool.map(share, LEVELS), strict=True))
    drawn = f"{comparisons} predictions and comparisons per level"
    lines = [
        f"{drawn}, from {len(recording.rounds)} recorded rounds.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|---|{'---:|' * (len(COLUMNS) - 1)}",
    ]
    for metric, sizes in predicted.items():
        low, middle, high = np.quantile(sizes, (0.1, 0.5, 0.9))
        smallest = smallest_found({level: found[level].get(metric, 0.0) for level in LEVELS})
        lines.append(f"| {metric} | {middle:.1%} | {low:.1%} to {high:.1%} | {smallest:.1%} |")
    return "\n".join(lines)


def predictions(
    recording: Recording, noise_s: float, budget_s: float, count: int
) -> dict[str, list[float]]:
    """Metric to the smallest changes that so many noise measurements predict; without: infinite."""
    predicted: dict[str, list[float]] = {}
    for seed in range(count):
        machine = ReplayMachine(recording, "", np.random.default_rng([5, seed]), unchanged=True)
        measured = simulate(machine, budget_s=noise_s, seed=seed)
        for one in predict(measured, budget_s, DEFAULT):
            predicted.setdefault(one.metric, []).append(one.smallest or np.inf)
    return predicted


def shares(
    recording: Recording, level: float, *, budget_s: float, comparisons: int
) -> Mapping[str, float]:
    """Metric to the share of comparisons that call it worse when it is, by *level*."""
    worse: dict[str, float] = {}
    for seed in range(comparisons):
        rng = np.random.default_rng([6, seed])
        machine = ReplayMachine(recording, "", rng, unchanged=True, slower=level)
        for row in simulate(machine, budget_s=budget_s, seed=seed).rows:
            worse[row.metric] = worse.get(row.metric, 0) + (row.verdict is Verdict.WORSE)
    return {metric: count / comparisons for metric, count in worse.items()}


def smallest_found(share_of: Mapping[float, float]) -> float:
    """The level from which on a change is found often enough, between levels on a line."""
    levels = sorted(share_of)
    for below, level in pairwise(levels):
        if share_of[level] >= OFTEN:
            rise = share_of[level] - share_of[below]
            part = (OFTEN - share_of[below]) / rise if rise > 0 else 0.0
            return below + max(0.0, part) * (level - below)
    return float("inf")


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
