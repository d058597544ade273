"""Which ranges of a history are searched unasked: each until it has an answer, and not for ever."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tracker.bisect.state import State, load_state, read_state, state_file, write_state
from tracker.errors import DataError

# So often a search may end without an answer.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Two measured commits, full shas, between which lies a step of a metric."""

    good: str
    bad: str
    metric: str

    @property
    def state(self) -> State:
        """A search that was not begun."""
        return State(good=self.good, bad=self.bad, asked=self.metric)

    def file(self, folder: Path) -> Path:
        """Where the state of its search lies."""
        return state_file(folder, self.good, self.bad, self.metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is to do.

    Attributes:
        waiting: ranges to search, in this order.
        answered: how many have an answer.
        given_up: those that were searched `MOST_ATTEMPTS` times in vain.
    """

    waiting: tuple[Range, ...]
    answered: int
    given_up: tuple[Range, ...]


def plan(ranges: Iterable[Range], states: Sequence[State], positions: Mapping[str, int]) -> Agenda:
    """Put ranges in order: what was tried in vain stands back, so that all have their turn.

    Args:
        ranges: what matters most first; one that is there twice is searched once.
        states: of all searches so far.
        positions: sha to position, of all commits of the history.
    """
    own = {(state.good, state.bad, state.asked): state.attempts for state in states}
    attempts: dict[Range, int] = {}
    answered = 0
    for each in dict.fromkeys(ranges):
        if any(_answers(state, each, positions) for state in states):
            answered += 1
        else:
            attempts[each] = own.get((each.good, each.bad, each.metric), 0)
    waiting = [each for each, number in attempts.items() if number < MOST_ATTEMPTS]
    return Agenda(
        waiting=tuple(sorted(waiting, key=attempts.__getitem__)),
        answered=answered,
        given_up=tuple(each for each in attempts if each not in waiting),
    )


def _answers(state: State, each: Range, positions: Mapping[str, int]) -> bool:
    """Whether a search has named a commit of the range, or found nothing in all of it.

    What a search measured makes the range of an event smaller, so it need not be the same.
    """
    named = [positions.get(sha, -1) for sha in state.found]
    first, last = positions[each.good], positions[each.bad]
    covers = positions.get(state.good, last) <= first and positions.get(state.bad, first) >= last
    found = not named or any(first < place <= last for place in named)
    return state.finished and state.asked == each.metric and covers and found


def read_states(folder: Path) -> list[State]:
    """The states of all searches in *folder*; a search whose state cannot be read says so itself.

    It need not exist.
    """
    states = []
    for path in sorted(folder.glob("*.json")):
        with suppress(DataError):
            states.append(load_state(path))
    return states


def count_attempt(each: Range, folder: Path) -> None:
    """Keep that the search of a range ended without an answer."""
    path = each.file(folder)
    with suppress(DataError):
        state = read_state(path, each.state)
        state.attempts += 1
        write_state(path, state)
