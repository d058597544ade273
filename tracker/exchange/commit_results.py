"""A history turned back: from series over commits to what one commit has on one machine."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.exchange.safe_names import machine_name
from tracker.model import Commit, History, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitResults:
    """All that one machine and environment measured of one commit.

    Attributes:
        cells: series, each with the index of its point.
    """

    machine: str
    environment: str
    position: int
    commit: Commit
    cells: tuple[tuple[Series, int], ...]

    def path(self, digits: int) -> str:
        """Return the file's path in a tree, with so many digits of the commit's id in it."""
        folder, environment = machine_name(self.machine), machine_name(self.environment)
        return f"{folder}/{self.commit.sha[:digits]}-{environment}.json"


def list_commit_results(history: History) -> Iterator[CommitResults]:
    """Give the places of *history* by machine, environment and commit, in its order."""
    groups: dict[tuple[str, str], list[Series]] = {}
    for series in history.series:
        groups.setdefault((series.key.machine, series.key.environment), []).append(series)
    for (machine, environment), members in groups.items():
        at = [0] * len(members)
        positions = sorted({int(p) for series in members for p in series.positions})
        for position in positions:
            cells = []
            for number, series in enumerate(members):
                i = at[number]
                if i < len(series.positions) and series.positions[i] == position:
                    cells.append((series, i))
                    at[number] += 1
            yield CommitResults(
                machine=machine,
                environment=environment,
                position=position,
                commit=history.commits[position],
                cells=tuple(cells),
            )
