"""The part of an explanation that speaks of one direction: an event has one."""

from msgspec.structs import replace

from tracker.model import Verdict
from tracker.model.explanation import Cause, Explanation, Moved, ScenarioExplanation


def toward(explanation: Explanation, direction: Verdict) -> Explanation:
    """Return what of *explanation* got worse or better; all of it where nothing went that way.

    Every counted cost is better when it is less.
    """
    scenarios = tuple(_toward(one, direction) for one in explanation.scenarios)
    return replace(explanation, scenarios=scenarios)


def _toward(one: ScenarioExplanation, direction: Verdict) -> ScenarioExplanation:
    moved = tuple(each for each in one.moved if _goes(each, direction))
    causes = tuple(each for each in one.causes if _goes(each, direction))
    return replace(one, moved=moved or one.moved, causes=causes or one.causes)


def _goes(one: Moved | Cause, direction: Verdict) -> bool:
    """Whether something goes that way; what is named and not priced may go either way."""
    more = one.head > one.base
    return one.head == one.base or more == (direction is Verdict.WORSE)
