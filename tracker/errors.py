"""Everything that can go wrong and that the user can mend.

    TrackerError
    ├── UsageError        exit 2   an option, a name or a setting is wrong
    ├── DataError         exit 3   results, history or configuration cannot be read
    ├── NetworkError      exit 4   GitHub or a registry refused or did not answer
    └── ServerError       exit 6   a server that measuring needs is missing, or does not start

Each error is one line that names the thing, and one line that names the next step.
"""

from collections.abc import Collection, Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every `tracker` command; the table in README.md is compared with this."""

    FINE = 0
    REGRESSION = 1
    USAGE = 2
    DATA = 3
    NETWORK = 4
    CANNOT_TELL = 5
    SERVER = 6


class TrackerError(Exception):
    """An error with a text for the user and a next step; `--verbose` shows the traceback too."""

    exit_code = ExitCode.DATA

    def __init__(self, message: str, next_step: str) -> None:
        """Keep *message* (what happened, naming the thing) and *next_step* (what to do now)."""
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class UsageError(TrackerError):
    """An option, a name or a setting is wrong."""

    exit_code = ExitCode.USAGE


class ServerError(TrackerError):
    """A server that measuring needs is missing, or does not start."""

    exit_code = ExitCode.SERVER


class DataError(TrackerError):
    """Results, history or configuration cannot be read, or would be lost by going on."""

    exit_code = ExitCode.DATA


class NetworkError(TrackerError):
    """A remote service refused, or did not answer in time."""

    exit_code = ExitCode.NETWORK


def refuse_unknown(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise UsageError when one of *names* is not *known*; it tells which, and what there is."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"no {kind} {', '.join(unknown)}", f"choose from {', '.join(known)}")
