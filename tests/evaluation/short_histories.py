"""Short histories: false events of three to ten commits, and what is found among six to ten.

    python -m tests.evaluation.short_histories [--repeats 100] [--write]

Prints two tables. The first has the simulated suites of `suites.py` in many forms, each with its
false events per 100 commits in histories without any change, and the share of steps of 50 % that
are found. The second has series whose equal commits differ by 10 %, of which one gets half as slow
again, beside the most that any test can find: one that knows noise and place, and is wrong in no
more than one of 1,000 commits, Bonferroni's bound over the series.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import NormalDist

import click

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.evaluation.suites import RECORDED, Noise, Plan, blamed, make_suite, share_found
from tracker.judge import judge

SECTION, MOST_SECTION = "short histories", "short histories, the most"
STEP = 0.5
CV = 0.1
GOAL = 0.001
"""Sure events per commit where nothing changed."""
VERY_SHORT, SHORT = range(3, 6), range(6, 11)
FOUND_AT = (6, 8, 10)

_PLAIN = Noise(
    machine=0, tracked=CV, control=CV, loaded=1.0, of_machine=0.0, of_run=0.0,
    repeats=CV / 2.5, shift=0.0, control_shift=0.0, effect=0.0,
)  # fmt: skip
_MOVED = replace(_PLAIN, effect=1.0)
_CPU = {"cpu_per_kilotask": RECORDED["cpu_per_kilotask"]}
ONE = {"cpu_per_kilotask": _MOVED}
FIVE = dict.fromkeys(RECORDED, _PLAIN) | ONE

FORMS = {
    "six scenarios, control": Plan(commits=0),
    "six scenarios, control, loaded for a third": Plan(commits=0, loaded=True),
    "six scenarios": Plan(commits=0, control=False),
    "six scenarios, loaded for a third": Plan(commits=0, control=False, loaded=True),
    "twice as noisy as recorded, repeats as they were": Plan(commits=0, control=False, between=2),
    "three times as noisy": Plan(commits=0, control=False, between=3),
    "series of uneven noise, by a factor of 2": Plan(commits=0, uneven=math.log(2)),
    "one scenario, control": Plan(commits=0, scenarios=1),
    "one scenario": Plan(commits=0, scenarios=1, control=False),
    "one series": Plan(commits=0, scenarios=1, control=False, metrics=_CPU),
    "one series, three times as noisy": Plan(
        commits=0, scenarios=1, control=False, metrics=_CPU, between=3
    ),
}


def false_events(plan: Plan, lengths: range, repeats: int) -> float:
    """Return how many sure events histories of all *lengths* without any change have, per 100."""
    counts = [
        len(blamed(judge(make_suite(replace(plan, commits=n), seed))))
        for n in lengths
        for seed in range(repeats)
    ]
    return 100 * sum(counts) / (repeats * sum(lengths))


def most_found(commits: int, series: int) -> float:
    """Return the share of steps that the best of all tests finds, half of the commits slower."""
    error = CV * math.sqrt(4 / commits)
    normal = NormalDist()
    reach = normal.inv_cdf(1 - GOAL * commits / series / 2)
    return normal.cdf(math.log1p(STEP) / error - reach)


def rows(repeats: int) -> Iterator[str]:
    """Give the lines of the first table."""
    titles = ("history", *(f"false / 100, {r.start} to {r.stop - 1}" for r in (VERY_SHORT, SHORT)))
    yield _line(*titles, *(f"+{STEP:.0%} at {n}" for n in FOUND_AT))
    yield "|---" * (len(titles) + len(FOUND_AT)) + "|"
    for name, plan in FORMS.items():
        wrong = [f"{false_events(plan, r, repeats):.2f}" for r in (VERY_SHORT, SHORT)]
        yield _line(name, *wrong, *(_found(plan, n, repeats) for n in FOUND_AT))


def _found(plan: Plan, commits: int, repeats: int) -> str:
    sure, suspected = share_found(replace(plan, commits=commits, size=STEP), repeats)
    return f"{sure:.0%} ({suspected:.0%})"


def rows_of_most(repeats: int) -> Iterator[str]:
    """Give the lines of the second table."""
    yield _line("series", "commits", "found", "the most")
    yield "|---" * 4 + "|"
    for metrics, scenarios in ((ONE, 1), (ONE, 6), (FIVE, 6)):
        plan = Plan(commits=0, scenarios=scenarios, control=False, metrics=metrics)
        series = scenarios * len(metrics)
        for n in FOUND_AT:
            yield _line(
                str(series), str(n), _found(plan, n, repeats), f"{most_found(n, series):.0%}"
            )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the tables."""
    parser = command_line("tests.evaluation.short_histories", __doc__)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    given = parser.parse_args()
    if given.write:
        check_markers(SECTION)
        check_markers(MOST_SECTION)
    for section, lines in (
        (SECTION, rows(given.repeats)),
        (MOST_SECTION, rows_of_most(given.repeats)),
    ):
        told = []
        for line in lines:
            click.echo(line)
            sys.stdout.flush()
            told.append(line)
        if given.write:
            write_table(section, "\n".join(told))


if __name__ == "__main__":
    main()
