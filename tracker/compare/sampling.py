"""Samples base and head in turns, in one scenario, when nothing is timed or counted."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from tracker.compare.harness_process import HarnessDiedError, HarnessProcess
from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.measurer import Label
from tracker.explain.sampled_functions import Profiles
from tracker.model.profiler_samples import ProfilerSamples, convert_samples

ROUNDS = (Label.BASE, Label.HEAD, Label.HEAD, Label.BASE) * 2
"""Each side four times; what drifts evenly disturbs both alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSampled:
    """Why there are no samples."""

    reason: str


type Sampled = Profiles | NotSampled
type Sample = Callable[[str], Sampled]
"""Takes the name of a scenario."""


def sample_sides(
    setup: HarnessSetup, scenario: str, seed: int, say: Callable[[str], None]
) -> Sampled:
    """Have both sides of *scenario* sampled; the first failure ends it."""
    samples: dict[Label, list[ProfilerSamples]] = {Label.BASE: [], Label.HEAD: []}
    harness = HarnessProcess(setup.command, setup.root)
    try:
        for number, side in enumerate(ROUNDS):
            say(f"sampling {scenario}, {side}: {number + 1} of {len(ROUNDS)}")
            answer = harness.ask({**setup.ask_of(side, scenario, seed), "sample": True})
            if answer.get("outcome") != "sampled":
                return NotSampled(reason=str(answer.get("reason", "")) or "not sampled")
            samples[side].append(convert_samples(answer.get("samples")))
    except HarnessDiedError as error:
        return NotSampled(reason=str(error))
    except msgspec.ValidationError as error:
        return NotSampled(reason=f"the harness's samples cannot be read: {error}")
    finally:
        harness.stop(at_once=len(samples[Label.HEAD]) + len(samples[Label.BASE]) < len(ROUNDS))
    return Profiles(base=samples[Label.BASE], head=samples[Label.HEAD])
