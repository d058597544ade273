"""What a project has told asv about its regressions, in asv.conf.json.

Both settings map a regular expression, matched as asv does it (from the start of
`name(value, value)@branch`), to a number or to a commit.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AsvRegressions:
    """The settings.

    Attributes:
        thresholds: relative size below which a change is no regression; the largest that matches.
        starts: the commit from which on changes are looked for; None for never.
        notes: what of it cannot be honoured, each a sentence.
    """

    thresholds: tuple[tuple[re.Pattern[str], float], ...] = ()
    starts: tuple[tuple[re.Pattern[str], str | None], ...] = ()
    notes: tuple[str, ...] = ()

    def threshold(self, name: str) -> float | None:
        """Return the threshold of the benchmark *name*, None where nothing is said of it."""
        return max((size for pattern, size in self.thresholds if pattern.match(name)), default=None)

    def starts_of(self, name: str) -> list[str | None]:
        """Return every start that is said of the benchmark *name*: the latest of them counts."""
        return [commit for pattern, commit in self.starts if pattern.match(name)]


def parse_asv_regressions(fields: Mapping[str, object]) -> AsvRegressions:
    """Read both settings of asv.conf.json; what cannot be understood is noted and left out."""
    notes: list[str] = []
    return AsvRegressions(
        thresholds=tuple(_read(fields, "regressions_thresholds", _size, notes.append)),
        starts=tuple(_read(fields, "regressions_first_commits", _commit, notes.append)),
        notes=tuple(notes),
    )


def _read[T](
    fields: Mapping[str, object],
    name: str,
    convert: Callable[[object], T],
    note: Callable[[str], None],
) -> Iterator[tuple[re.Pattern[str], T]]:
    table = fields.get(name) or {}
    if not isinstance(table, dict):
        note(f"asv.conf.json: {name} is not an object and is ignored.")
        return
    for pattern, value in table.items():
        try:
            yield re.compile(pattern), convert(value)
        except (re.error, TypeError, ValueError) as error:
            note(f"asv.conf.json: {name}: {pattern!r} is ignored: {error}.")


def _size(value: object) -> float:
    if not isinstance(value, int | float | str):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


def _commit(value: object) -> str | None:
    if not (value is None or (isinstance(value, str) and value)):
        raise TypeError(f"{value!r} is not a commit")
    return value
