"""Searches with a metric that is counted: every commit is measured once, until halving is done."""

from tracker.bisect.laboratory import REVERTED, Laboratory
from tracker.model import Floats
from tracker.search.answer import Answer, Outcome
from tracker.search.exact import Step, next_commit, steps_of
from tracker.units import count

# Each commit is measured once, so none needs to stay built.
ROOM = 2


def is_counted(name: str) -> bool:
    """Whether a metric of this name may be: asv's `track_` benchmarks that bring no samples."""
    return name == "track"


def search(laboratory: Laboratory, label: str, prior: Floats) -> tuple[Answer, tuple[Step, ...]]:
    """Halve until each step lies between two neighbours, or the budget is used."""
    place: int | None = laboratory.bad
    laboratory.slots.room = ROOM
    while True:
        values = values_of(laboratory, label)
        steps = steps_of(values)
        if laboratory.state.noisy:
            break
        place = next_commit(values, laboratory.state.unusable, prior)
        if place is None or not laboratory.has_time:
            break
        if laboratory.measure([place]):
            _check_counted(laboratory, label, place)
            _report(laboratory, label)
    return _answer(steps, sure=place is None), steps


def values_of(laboratory: Laboratory, label: str) -> dict[int, float]:
    """The newest number of each commit of the line."""
    return {
        position: value
        for each in laboratory.state.rounds
        for position, value in zip(each.positions, each.values.get(label, ()), strict=False)
        if position >= 0
    }


def value_without(laboratory: Laboratory, label: str) -> float | None:
    """The number of the bad end with the culprit reverted, None where that cannot be measured."""
    for _ in range(2):
        for each in laboratory.state.rounds:
            if each.positions == (REVERTED,) and label in each.values:
                return each.values[label][0]
        if not laboratory.measure([REVERTED]):
            break
    return None


def _check_counted(laboratory: Laboratory, label: str, place: int) -> None:
    """Where a third number comes up, measure it again: two numbers of one commit are no count."""
    values = values_of(laboratory, label)
    known = [value for position, value in values.items() if position != place]
    if values[place] not in known and laboratory.has_time and laboratory.measure([place]):
        laboratory.state.noisy = values_of(laboratory, label)[place] != values[place]


def _answer(steps: tuple[Step, ...], *, sure: bool) -> Answer:
    commits = tuple(position for step in steps for position in step.commits)
    if not sure:
        outcome = Outcome.OPEN
    elif not steps:
        outcome = Outcome.NONE
    elif len(steps) > 1:
        outcome = Outcome.TWO_STEPS
    else:
        outcome = Outcome.COMMIT if len(commits) == 1 else Outcome.RANGE
    return Answer(outcome=outcome, commits=commits, probability=1.0)


def _report(laboratory: Laboratory, label: str) -> None:
    steps = steps_of(values_of(laboratory, label))
    open_ = sum(len(step.commits) for step in steps)
    laboratory.say(
        f"{count(len(laboratory.state.rounds), 'round')}: {count(open_, 'commit')} left, "
        f"{laboratory.left_s / 60:.0f} min of the budget too"
    )
