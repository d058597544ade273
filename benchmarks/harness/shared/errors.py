"""What can go wrong while measuring, each with a text for people and a next step.

    HarnessError
    ├── UnknownLibraryError       exit 2   a name that is not in the registry
    ├── UnknownScenarioError      exit 2   a name without a module under benchmarks/
    ├── BadSettingError           exit 2   an environment variable or option that cannot be read
    ├── NoServerError             exit 6   no server binary for this platform
    ├── PortTakenError            exit 7   the port that was asked for is in use
    ├── ServerError               exit 8   a server did not start, or refused us
    ├── EnvironmentBuildError     exit 9   a locked environment could not be built
    └── CellFailedError           exit 0   one library's cell; it goes into the record, the rest on

The exit codes 1 to 5 mean the same as those of `tracker`.
"""

from collections.abc import Sequence


class HarnessError(Exception):
    """An error that the user can fix: what happened, and what to do now."""

    exit_code = 2

    def __init__(self, message: str, next_step: str) -> None:
        """Keep *message*, which names the thing, and *next_step*."""
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class UnknownLibraryError(HarnessError):
    """A library that no adapter knows."""

    def __init__(self, library: str, known: Sequence[str]) -> None:
        """Name *library* and those that are *known*."""
        super().__init__(f"unknown library {library!r}", f"choose from {', '.join(known)}")


class UnknownScenarioError(HarnessError):
    """A scenario that has no module."""

    def __init__(self, scenario: str, known: Sequence[str]) -> None:
        """Name *scenario* and those that are *known*."""
        super().__init__(f"unknown scenario {scenario!r}", f"choose from {', '.join(known)}")


class BadSettingError(HarnessError):
    """An environment variable or an option whose value cannot be used."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        """Name the setting, its *value* and what is *wanted*."""
        super().__init__(f"{name}={value!r} cannot be used", f"set {name} to {wanted}")


class NoServerError(HarnessError):
    """No server binary was found."""

    exit_code = 6


class PortTakenError(HarnessError):
    """A port that was asked for is in use."""

    exit_code = 7


class ServerError(HarnessError):
    """A server did not start, or refused a connection."""

    exit_code = 8


class EnvironmentBuildError(HarnessError):
    """A locked environment could not be built."""

    exit_code = 9


class CellFailedError(Exception):
    """The measurement of one library failed; the reason goes into its record."""

    def __init__(self, reason: str) -> None:
        """Keep the *reason*: one sentence that names what died, was late or went missing."""
        super().__init__(reason)
        self.reason = reason
