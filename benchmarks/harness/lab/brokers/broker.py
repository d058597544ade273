"""What the lab needs of a broker, whichever server it is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from benchmarks.harness.lab.processes.processes import Keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerUsage:
    """Counters of a server since it started.

    Attributes:
        cpu_s: CPU seconds, None where the server does not say.
        memory_bytes: resident memory now.
    """

    cpu_s: float | None
    memory_bytes: float | None


class Broker(Protocol):
    """A server that is running, with the two ways that adapters may ask it (`BrokerClient`)."""

    @property
    def url(self) -> str:
        """Where producer and workers connect."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Name, version and settings, for the record."""
        ...

    def died(self) -> str:
        """Empty while it runs, else a sentence."""
        ...

    def clear(self) -> None:
        """Remove all that is stored, and check that nothing is left.

        Raises:
            CellFailedError: it cannot be reached, or something is left.
        """
        ...

    def restart(self, keeper: Keeper) -> None:
        """Stop a server of our own and start it again at the same address."""
        ...

    def usage(self) -> BrokerUsage:
        """Counters as of now."""
        ...

    def command(self, *words: str) -> object:
        """A Redis command."""
        ...

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """A PostgreSQL statement."""
        ...


def in_one_line(error: Exception, url: str) -> str:
    r"""Return what *error* says, without the password of *url*: some errors quote all of it.

    >>> in_one_line(ValueError("no such\nhost: a:secret@b"), "redis://a:secret@b")
    'no such host: a:***@b'
    """
    text = " ".join(str(error).split())
    with suppress(ValueError):  # no URL at all: then the error is about that
        if password := urlsplit(url).password:
            return text.replace(password, "***")
    return text
