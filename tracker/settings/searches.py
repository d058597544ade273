"""Whether steps of the history are searched for their commits unasked, from `[bisect]`.

[bisect]
auto = true      # default false
budget = "30m"   # time for the searches of one call; the default
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import DataError, UsageError
from tracker.settings.durations import parse_duration
from tracker.settings.file import WHERE

_DEFAULTS: dict[str, object] = {"auto": False, "budget": "30m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """What the user allows.

    Attributes:
        auto: whether anything is searched unasked.
        budget_s: seconds for all searches of one call.
    """

    auto: bool
    budget_s: float


def parse_searches(settings: Mapping[str, object]) -> SearchSettings:
    """Read the `[bisect]` table of the settings.

    Raises:
        DataError: it holds anything but `auto`, true or false, and `budget`, a duration.
    """
    table = settings.get("bisect", {})
    if not isinstance(table, dict):
        raise DataError(f"{WHERE}: bisect is not a table", "write [bisect] and auto = true")
    if unknown := sorted(map(str, table.keys() - _DEFAULTS.keys())):
        raise DataError(
            f"{WHERE}: unknown setting {unknown[0]!r} under [bisect]",
            f"settings are {', '.join(_DEFAULTS)}; see docs/bisect.md",
        )
    chosen = _DEFAULTS | table
    if not isinstance(chosen["auto"], bool):
        raise DataError(f"{WHERE}: bisect.auto cannot be {chosen['auto']!r}", "write true or false")
    return SearchSettings(auto=chosen["auto"], budget_s=_seconds(chosen["budget"]))


def _seconds(budget: object) -> float:
    try:
        return parse_duration(budget if isinstance(budget, str) else "")
    except UsageError as error:
        raise DataError(
            f"{WHERE}: bisect.budget cannot be {budget!r}", 'write "90s", "15m" or "1h"'
        ) from error
