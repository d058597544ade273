"""A few environments for many commits: those of a round stand side by side, the rest make room.

All have paths of one length: libraries that put file paths into their messages would otherwise
send more bytes for one commit.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from tracker.asv.builds import Build
from tracker.bisect.line import Repository

SLOTS = 8


@dataclass(slots=True, kw_only=True)
class Slots:
    """Builds commits where there is room.

    Attributes:
        folder: what holds the environments.
        say: takes a line of progress.
    """

    repository: Repository
    folder: Path
    say: Callable[[str], None]
    _built: dict[int, Build] = field(default_factory=dict, init=False)
    _used: list[int] = field(default_factory=lambda: list(range(SLOTS)), init=False)

    @property
    def shas(self) -> frozenset[str]:
        """The commits that stand ready."""
        return frozenset(build.sha for build in self._built.values())

    def build(self, sha: str, name: str, keep: Collection[str]) -> Build:
        """Return *sha* built; whichever was used longest ago, and is not in *keep*, makes room."""
        number = next((n for n, build in self._built.items() if build.sha == sha), None)
        if number is None:
            number = next(
                n for n in self._used if n not in self._built or self._built[n].sha not in keep
            )
            self._built.pop(number, None)
            self.say(f"building {name}")
            build = self.repository.build(sha, self.folder / f"slot-{number}")
            if build.failure is not None:
                return build
            self._built[number] = build
        self._used.remove(number)
        self._used.append(number)
        return self._built[number]
