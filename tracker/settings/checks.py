"""What satisfies a required check beside a good result, from the settings' `[check]` table.

    [check]
    pass = ["cannot_tell", "draft"]

Without it an undecided comparison passes, so that noise blocks nobody, and nothing that was not
measured does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import DataError
from tracker.model.not_measured import Reason
from tracker.settings.file import WHERE

CANNOT_TELL = "cannot_tell"
_WORDS = (CANNOT_TELL, *Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPolicy:
    """What passes without a good result.

    Attributes:
        chosen: whether the user has said so, or it is the default.
    """

    passing: frozenset[str]
    chosen: bool

    def passes(self, outcome: str) -> bool:
        """Whether *outcome*, "cannot_tell" or a reason why nothing was measured, passes."""
        return outcome in self.passing


DEFAULT = CheckPolicy(passing=frozenset({CANNOT_TELL}), chosen=False)


def parse_check(settings: Mapping[str, object]) -> CheckPolicy:
    """Read the `[check]` table of the settings.

    Raises:
        DataError: it holds anything but `pass`, a list of known words.
    """
    table = settings.get("check")
    if table is None:
        return DEFAULT
    words = table.get("pass") if isinstance(table, dict) and set(table) == {"pass"} else None
    if not isinstance(words, list):
        raise DataError(
            f"{WHERE}: [check] must hold a list `pass` and nothing else", 'write pass = ["draft"]'
        )
    unknown = [word for word in words if word not in _WORDS]
    if unknown:
        raise DataError(
            f"{WHERE}: check.pass has an unknown word {unknown[0]!r}",
            f"choose from {', '.join(_WORDS)}",
        )
    return CheckPolicy(passing=frozenset(map(str, words)), chosen=True)
