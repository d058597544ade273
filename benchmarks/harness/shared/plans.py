"""What the load plans of the scenarios have in common; a scenario file says what differs.

`replace(QUICK, phases=(burst(500),), warmup_tasks=50)` is a whole plan. Standard library only.
"""

from benchmarks.harness.shared.spec import Companion, LoadPlan, Pattern, Phase

QUICK = LoadPlan(
    rounds=2,
    runs_per_round=2,
    phases=(),
    warmup_cap_s=0.5,
    pause_s=0.1,
    run_limit_s=60,
    ready_limit_s=40,
    sample_interval_s=0.1,
)
"""For CI and demonstrations: short warm-ups and pauses, and as few runs as give an interval."""

FULL = LoadPlan(rounds=5, runs_per_round=2, phases=())
"""For figures to rely on: ten runs in five rounds, with the plan's own patience."""

MOCK_API = (Companion(module="benchmarks.harness.lab.station.mock_api"),)
"""The local service that tasks call; a variant's options `api_...` say how it answers."""


def burst(tasks: int, name: str = "burst", *, parts: int = 1) -> Phase:
    """Return a load of *tasks* that are all due at once, or in *parts*, one after the other."""
    return Phase(name=name, pattern=Pattern.BURST, tasks=tasks, parts=parts)


def paced(tasks: int, rate_per_s: float, rates_per_s: tuple[tuple[str, float], ...] = ()) -> Phase:
    """Return an open-loop load; *rates_per_s* names libraries with a pace of their own."""
    return Phase(
        name="paced",
        pattern=Pattern.PACED,
        tasks=tasks,
        rate_per_s=rate_per_s,
        rates_per_s=rates_per_s,
    )
