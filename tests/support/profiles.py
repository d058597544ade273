"""What a profiler would see of a library whose functions take known times."""

from collections.abc import Mapping

import numpy as np

from tracker.explain.sampled_functions import Profiles
from tracker.model.profiler_samples import ProfilerSamples, RoleSamples

TASKS, LOOKS_PER_S = 2400, 250.0
LOOP_S = 500e-6
"""The event loop waits so long per task."""

FILE = "lib/driver.py"


def usual(**changed: float) -> dict[str, float]:
    """Function to microseconds per task, with those that are *changed*."""
    return {"Driver.ack": 60.0, "Driver.take": 200.0, "run": 15.0, **changed}


def seen_round(
    times_us: Mapping[str, float], cpu_us: float, rng: np.random.Generator
) -> ProfilerSamples:
    """One round: a machine that is a few percent faster or slower each time, and chance."""
    speed = rng.normal(1.0, 0.03)
    seconds = TASKS * (LOOP_S + speed * 1e-6 * sum(times_us.values()))
    looks = round(seconds * LOOKS_PER_S)
    functions = tuple(
        (FILE, name, int(rng.poisson(speed * 1e-6 * time * TASKS * LOOKS_PER_S)))
        for name, time in times_us.items()
    )
    worker = RoleSamples(
        tasks=TASKS,
        seconds=seconds,
        looks=looks,
        cpu_s=speed * rng.normal(1.0, 0.01) * 1e-6 * cpu_us * TASKS,
        functions=functions,
    )
    return ProfilerSamples(version=1, profiler="py-spy", roles={"worker": worker})


def profiles(
    base_us: Mapping[str, float],
    head_us: Mapping[str, float],
    *,
    more_cpu_us: float = 0.0,
    seed: int = 0,
    rounds: int = 4,
) -> Profiles:
    """Both sides in turns; a task of base takes the CPU for 600 us."""
    rng = np.random.default_rng(seed)
    sides: tuple[list[ProfilerSamples], list[ProfilerSamples]] = [], []
    for _ in range(rounds):
        sides[0].append(seen_round(base_us, 600.0, rng))
        sides[1].append(seen_round(head_us, 600.0 + more_cpu_us, rng))
    return Profiles(base=sides[0], head=sides[1])
