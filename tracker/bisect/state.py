"""All that a search has measured, in a file that the next run of the same search goes on from."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tracker.errors import DataError
from tracker.model import Metric
from tracker.model.counts import CountedMetric
from tracker.search.rounds import Round
from tracker.system.atomic import replace_file

VERSION = 1


class MeasuredRound(msgspec.Struct, frozen=True, kw_only=True):
    """What ran one after the other.

    Attributes:
        positions: of the commits; -1 is the bad end with the culprit reverted.
        values: label of a row to a value for each position, in the base unit of its metric.
        spreads: the same for the spreads of counts (`CountedMetric`), where they are not exact.
    """

    positions: tuple[int, ...]
    values: dict[str, tuple[float, ...]]
    spreads: dict[str, tuple[float, ...]] = {}

    def of(self, row: str) -> Round | None:
        """The round of one row, None where it has none."""
        values = self.values.get(row)
        return Round(positions=self.positions, values=values) if values else None

    def counts_of(self, row: str) -> Iterator[tuple[int, CountedMetric]]:
        """Each position with the count of one row, where it has any."""
        values = self.values.get(row, ())
        spreads = self.spreads.get(row) or (0.0,) * len(values)
        for position, value, spread in zip(self.positions, values, spreads, strict=False):
            yield (
                position,
                CountedMetric(unit="", value=value, spread=spread, samples=(value,)),
            )


class State(msgspec.Struct, kw_only=True):
    """A search so far.

    Attributes:
        good, bad: full shas of the ends.
        asked: the metric as the user names it.
        rounds: in the order in which they were measured.
        metrics: label of a row to what it measures.
        unusable: position to why it cannot be measured.
        noisy: a metric that seemed to be counted gave two numbers for one commit.
        chosen: label of the row that is searched with, where the user named none and our own
            suite has chosen; "" for no choice yet.
        finished: whether there is an answer that measuring on cannot narrow.
        found: full shas of the commits that the answer names.
        attempts: how often it was searched unasked and ended without an answer.
    """

    good: str
    bad: str
    asked: str
    version: int = VERSION
    rounds: list[MeasuredRound] = []
    metrics: dict[str, Metric] = {}
    unusable: dict[int, str] = {}
    noisy: bool = False
    chosen: str = ""
    finished: bool = False
    found: list[str] = []
    attempts: int = 0


def state_file(folder: Path, good: str, bad: str, asked: str) -> Path:
    """Where the state of a search lies, given the full shas of its ends."""
    digest = hashlib.sha256(asked.encode()).hexdigest()[:6]
    return folder / f"{good[:8]}-{bad[:8]}-{digest}.json"


def read_state(path: Path, fresh: State) -> State:
    """The state in *path* when it is of the same search as *fresh*, else *fresh*.

    Raises:
        DataError: the file is not one of ours, or of another version.
    """
    if not path.is_file():
        return fresh
    state = load_state(path)
    same = (state.good, state.bad, state.asked) == (fresh.good, fresh.bad, fresh.asked)
    return state if same else fresh


def load_state(path: Path) -> State:
    """The state in *path*, of whichever search.

    Raises:
        DataError: the file is not one of ours, or of another version.
    """
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except (msgspec.MsgspecError, OSError) as error:
        raise DataError(f"{path} cannot be read: {error}", "search anew with --fresh") from error
    if state.version != VERSION:
        raise DataError(f"{path} is of version {state.version}", "search anew with --fresh")
    return state


def write_state(path: Path, state: State) -> None:
    """Replace *path* in one step."""
    replace_file(path, [msgspec.json.encode(state)])
