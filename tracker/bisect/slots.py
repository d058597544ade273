"""A few environments for many commits: those of a round stand side by side, the rest make room.

All have paths of one length: libraries that put file paths into their messages would otherwise
send more bytes for one commit.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from tracker.asv.builds import Build
from tracker.bisect.line import Repository

MOST = 12


@dataclass(slots=True, kw_only=True)
class Slots:
    """Builds commits where there is room.

    Attributes:
        folder: what holds the environments.
        say: takes a line of progress.
        room: how many environments there may be; a new one takes longer than another commit in
            one that is there.
    """

    repository: Repository
    folder: Path
    say: Callable[[str], None]
    room: int = MOST
    _built: dict[int, Build] = field(default_factory=dict, init=False)
    _used: list[int] = field(default_factory=lambda: list(range(MOST)), init=False)

    @property
    def shas(self) -> frozenset[str]:
        """The commits that stand ready."""
        return frozenset(build.sha for build in self._built.values())

    def build(self, sha: str, name: str, keep: Collection[str]) -> Build:
        """Return *sha* built; whichever was used longest ago, and is not in *keep*, makes room."""
        number = next((n for n, build in self._built.items() if build.sha == sha), None)
        if number is None:
            number = next(n for n in self._used if n < self.room and self._is_free(n, keep))
            self._built.pop(number, None)
            self.say(f"building {name}")
            build = self.repository.build(sha, self.folder / f"slot-{number}")
            if build.failure is not None:
                return build
            self._built[number] = build
        self._used.remove(number)
        self._used.append(number)
        return self._built[number]

    def _is_free(self, number: int, keep: Collection[str]) -> bool:
        return number not in self._built or self._built[number].sha not in keep
