"""Searches with a metric that is counted: every commit is counted once, until halving is done.

What is not exact is counted once more on both sides of the step that is found, with fresh workers:
no single count accuses a commit.
"""

from collections.abc import Iterable, Sequence

from tracker.bisect.laboratory import REVERTED, Laboratory
from tracker.counts.count_changes import CountChange, compare_counts, join_counts
from tracker.model import Floats, Metric
from tracker.model.counts import CountedMetric
from tracker.search.answer import Answer, Outcome
from tracker.search.exact import Step, levels_of, next_commit, steps_of, unconfirmed
from tracker.units import count

# Each commit is measured once or twice, so none needs to stay built.
ROOM = 2


def is_counted(metric: Metric) -> bool:
    """Whether a metric may be: our counts, and asv's `track_` benchmarks that bring no samples."""
    return metric.is_counted or metric.name == "track"


def ends_moved(laboratory: Laboratory, label: str) -> bool:
    """Whether the row is counted, as far as is known, and differs between the ends."""
    state = laboratory.state
    if state.noisy or not is_counted(state.metrics[label]):
        return False
    return change_between(laboratory, label, 0, laboratory.bad).moved


def search(laboratory: Laboratory, label: str, prior: Floats) -> tuple[Answer, tuple[Step, ...]]:
    """Halve until each step lies between two neighbours, or the budget is used."""
    metric = laboratory.state.metrics[label]
    laboratory.slots.room = ROOM
    while True:
        counts = counts_of(laboratory, label)
        places = _next(laboratory, counts, metric, prior)
        if laboratory.state.noisy or not places or not laboratory.has_time:
            break
        if laboratory.measure(places) and _have_counts(laboratory, label, places):
            _check_counted(laboratory, label, places)
            _report(laboratory, label)
    steps = steps_of(counts, metric)
    return _answer(steps, sure=not places), steps


def counts_of(laboratory: Laboratory, label: str) -> dict[int, CountedMetric]:
    """What was counted of each commit of the line, all its counts joined."""
    joined: dict[int, CountedMetric] = {}
    for each in laboratory.state.rounds:
        for place, own in each.counts_of(label):
            joined[place] = join_counts(joined[place], own) if place in joined else own
    joined.pop(REVERTED, None)
    return joined


def change_between(laboratory: Laboratory, label: str, first: int, second: int) -> CountChange:
    """What counting says of two commits, both of which were counted."""
    counts = counts_of(laboratory, label)
    return compare_counts(laboratory.state.metrics[label], counts[first], counts[second])


def value_without(laboratory: Laboratory, label: str) -> float | None:
    """The number of the bad end with the culprit reverted, None where that cannot be measured."""
    for _ in range(2):
        for each in laboratory.state.rounds:
            if each.positions == (REVERTED,) and label in each.values:
                return each.values[label][0]
        if not laboratory.measure([REVERTED]):
            break
    return None


def _next(
    laboratory: Laboratory, counts: dict[int, CountedMetric], metric: Metric, prior: Floats
) -> list[int]:
    """The commit to count next, or the two to count again; [] when all is known."""
    place = next_commit(counts, metric, laboratory.state.unusable, prior)
    if place is not None:
        return [place]
    step = unconfirmed(counts, metric)
    places = [] if step is None else [step.last_before, step.first_after]
    return [] if laboratory.state.unusable.keys() & set(places) else places


def _have_counts(laboratory: Laboratory, label: str, places: Sequence[int]) -> bool:
    """Whether the round has the row; a commit that ran without it is passed over."""
    if label in laboratory.state.rounds[-1].values:
        return True
    for place in places:
        laboratory.give_up(place, f"it has no {label}")
    return False


def _check_counted(laboratory: Laboratory, label: str, places: Iterable[int]) -> None:
    """Measure again what has a level of its own: two numbers of one commit are no count."""
    state, metric = laboratory.state, laboratory.state.metrics[label]
    for place in places:
        if _is_alone(counts_of(laboratory, label), metric, place) and laboratory.has_time:
            laboratory.measure([place])
        own = [one for each in state.rounds for p, one in each.counts_of(label) if p == place]
        if any(compare_counts(metric, own[0], again).moved for again in own[1:]):
            state.noisy = True
            laboratory.save()


def _is_alone(counts: dict[int, CountedMetric], metric: Metric, place: int) -> bool:
    """Whether one count of *place* is all that there is of its level."""
    levels = levels_of(counts, metric)
    alike = sum(level == levels[place] for level in levels.values())
    return alike == 1 and len(counts[place].samples) == 1


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
    steps = steps_of(counts_of(laboratory, label), laboratory.state.metrics[label])
    open_ = sum(len(step.commits) for step in steps)
    laboratory.say(
        f"{count(len(laboratory.state.rounds), 'round')}: {count(open_, 'commit')} left, "
        f"{laboratory.left_s / 60:.0f} min of the budget left"
    )
