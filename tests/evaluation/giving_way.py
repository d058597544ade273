"""What giving way costs and saves: `python -m tests.evaluation.giving_way [--write]`.

`tracker compare` times scenarios one after the other, and leaves one when what is open in it is out
of reach of the budget (`PairedPolicy.out_of_reach`). Here one scenario of four metrics is compared
on a fake machine, with ten minutes for rounds of 26 s, as `event_streaming` has, by that rule and
by one that never gives way: how often a planted change is found, and when the comparison ended.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from benchmarks.harness.shared.command import at_least, command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.support.fake_measurer import FakeMachine
from tracker.compare.session import Plan, Session
from tracker.model import Verdict
from tracker.paired.policy import DEFAULT, PairedPolicy

SECTION = "giving way"
BUDGET_S, TURN_S = 600.0, 13.0
NOISE = {"throughput": 0.12, "cpu_per_kilotask": 0.08, "memory_peak": 0.005, "latency_p50": 0.3}
SCALES = (0.5, 1.0, 2.0)
PLANTED: dict[str, Mapping[str, float]] = {
    "nothing": {},
    "CPU +10 %": {"cpu_per_kilotask": 1.1},
    "CPU +20 %": {"cpu_per_kilotask": 1.2},
    "throughput -10 %": {"throughput": 0.9},
    "throughput -20 %": {"throughput": 0.8},
    "latency +50 %": {"latency_p50": 1.5},
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How one comparison ended: whether a metric was confirmed as worse, and how long it took."""

    worse: bool
    seconds: float


def compare(seed: int, effects: Mapping[str, float], scale: float, policy: PairedPolicy) -> Ended:
    """One comparison, with `NOISE` times *scale*."""
    noise = {metric: scale * cv for metric, cv in NOISE.items()}
    machine = FakeMachine(effects=effects, noise=noise, turn_s=TURN_S, seed=seed)
    plan = Plan(
        scenarios=("event_streaming",),
        budget_s=BUDGET_S,
        seed=seed,
        policy=policy,
        controls=False,
        in_order=True,
    )
    measured = Session(plan, machine.open, machine.clock, lambda _: None).run()
    worse = any(
        verdict.verdict is Verdict.WORSE and measured.checks.get(key)
        for key, verdict in measured.verdicts.items()
    )
    return Ended(worse, measured.measured_s)


def rows(repeats: int) -> Iterator[str]:
    """A row per noise and planted change."""
    policies = (DEFAULT, replace(DEFAULT, out_of_reach=math.inf))
    yield "| noise | planted | worse | minutes | worse, never giving way | minutes |"
    yield "|---:|---|---:|---:|---:|---:|"
    for scale in SCALES:
        for name, effects in PLANTED.items():
            cells = []
            for policy in policies:
                ended = [compare(seed, effects, scale, policy) for seed in range(repeats)]
                cells.append(f"{fmean(one.worse for one in ended):.0%}")
                cells.append(f"{fmean(one.seconds for one in ended) / 60:.1f}")
            yield f"| {scale:g} | {name} | {' | '.join(cells)} |"


def main() -> None:
    """Simulate, and print the table."""
    parser = command_line("tests.evaluation.giving_way", __doc__)
    parser.add_argument("--repeats", type=at_least(1), default=100)
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    text = "\n".join(rows(options.repeats))
    sys.stdout.write(f"{text}\n")
    if options.write:
        write_table(SECTION, text)


if __name__ == "__main__":
    main()
