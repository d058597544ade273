"""How often planted slowdowns are found, by us and by others.

    python -m tests.evaluation.planted.study

Builds AsyncTasQ once, plants extra work per task into copies of it, measures rounds of all copies
for the given time, and draws many simulated comparisons from these rounds. Rounds are kept as they
come: the same command goes on where it was stopped, unless `--fresh`; `--minutes 0` only draws
anew, from what there is. `--write` puts the tables into RESULTS.md.
"""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import click
import numpy as np

from tests.evaluation.planted.copies import LEVELS, SCENARIO, STUDY, prepare, setup_for
from tests.evaluation.planted.live import LivePlan, live_table, run_live
from tests.evaluation.planted.plant import PLACES
from tests.evaluation.planted.recording import Recording, record
from tests.evaluation.planted.tallies import table, tally
from tests.evaluation.results_page import check_markers, write_table


@click.command()
@click.option("--repo", default="", help="Repository of AsyncTasQ; default: asv.conf.json's.")
@click.option("--commit", default="HEAD", show_default=True)
@click.option("--minutes", default=12.0, show_default=True, help="Time to measure each table.")
@click.option("--size", "sizes", type=click.Choice(["quick", "full"]), multiple=True)
@click.option("--where", "places", type=click.Choice(list(PLACES)), multiple=True)
@click.option("--comparisons", default=200, show_default=True, help="Simulated, per level.")
@click.option("--budget", default=15.0, show_default=True, help="Minutes of a comparison.")
@click.option("--live", default=0, show_default=True, help="Real comparisons per live level.")
@click.option("--asv-live", default=0, show_default=True, help="Real `asv continuous`, the same.")
@click.option("--live-budget", default=4.0, show_default=True, help="Minutes of a real comparison.")
@click.option("--live-size", type=click.Choice(["quick", "full"]), default="quick",
              show_default=True)  # fmt: skip
@click.option("--live-level", "live_levels", type=click.Choice(LEVELS), multiple=True,
              default=(0, 10), show_default=True)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Forget earlier recordings.")
@click.option("--write", is_flag=True, help="Put the tables into RESULTS.md.")
def main(
    *,
    repo: str,
    commit: str,
    minutes: float,
    sizes: tuple[str, ...],
    places: tuple[str, ...],
    comparisons: int,
    budget: float,
    live: int,
    asv_live: int,
    live_budget: float,
    live_size: str,
    live_levels: tuple[int, ...],
    fresh: bool,
    write: bool,
) -> None:
    """Print a table per size and place: planted work, and the share of comparisons that alarmed.

    Real commands come last, in the first place only: each takes minutes.
    """
    sizes, places = sizes or ("quick",), places or ("worker",)
    plan = LivePlan(
        where=places[0],
        size=live_size,
        levels=live_levels,
        budget_min=live_budget,
        compares=live,
        asvs=asv_live,
    )
    if write:
        _check_markers(sizes, places, live=plan)
    for where in places:
        pythons = prepare(repo, commit, where, _say)
        for size in sizes:
            path = STUDY / f"{SCENARIO}-{size}-{where}.json"
            if fresh:
                path.unlink(missing_ok=True)
            if minutes:
                setup = setup_for(size, 60 * budget)
                record(setup, pythons, SCENARIO, minutes=minutes, path=path, say=_say)
            if path.exists():
                text = draw(path, where, comparisons, 60 * budget)
                _publish(f"planted {size} {where}", text, write=write)
            else:
                _say(f"{path.name}: nothing recorded, so no table is drawn")
    if live or asv_live:
        text = live_table(plan, run_live(repo, plan, _say))
        _publish(f"live {plan.size} {plan.where}", text, write=write)


def draw(path: Path, where: str, comparisons: int, budget_s: float) -> str:
    """The table of many comparisons drawn from one recording."""
    recording = Recording.load(path)
    with ProcessPoolExecutor() as pool:
        found = [
            pool.submit(tally, recording, level, where, comparisons, budget_s) for level in LEVELS
        ]
        tallies = [future.result() for future in found]
    took_s = np.mean([m.took_s for measured in recording.rounds for m in measured.values()])
    return table(tallies, len(recording.rounds), comparisons, float(took_s))


def _publish(name: str, text: str, *, write: bool) -> None:
    click.echo(f"{name}: {text}\n")
    if write:
        write_table(name, text)


def _check_markers(sizes: Iterable[str], places: Iterable[str], *, live: LivePlan) -> None:
    """Refuse before measuring, not after."""
    for size, where in product(sizes, places):
        check_markers(f"planted {size} {where}")
    if live.compares or live.asvs:
        check_markers(f"live {live.size} {live.where}")


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
