"""How the adapters say what their library offers: a table of exceptions to "natively"."""

from collections.abc import Mapping

from benchmarks.harness.adapter import BrokerClient, BrokerKind, Level, Support
from benchmarks.harness.context import AppContext

type SupportTable = Mapping[tuple[str, str], Support]
"""(scenario, variant) to support; variant "*" stands for all that are not named."""

NATIVE = Support()


def approximate(reason: str) -> Support:
    """Return the support of a library that can do it only nearly, and how."""
    return Support(level=Level.APPROXIMATE, reason=reason)


def unsupported(reason: str) -> Support:
    """Return the support of a library that cannot, and why."""
    return Support(level=Level.UNSUPPORTED, reason=reason)


def look_up(table: SupportTable, scenario: str, variant: str) -> Support:
    """Return what *table* says of a variant; what it does not name is native.

    >>> look_up({("cpu_bound", "*"): unsupported("no")}, "cpu_bound", "pool").reason
    'no'
    """
    return table.get((scenario, variant)) or table.get((scenario, "*")) or NATIVE


class TableAdapter:
    """What adapters have in common; see `benchmarks.harness.adapter.Adapter` for the rest.

    Attributes:
        exceptions: what the library does not offer natively.
    """

    name: str
    exceptions: SupportTable
    broker = BrokerKind.REDIS

    @property
    def distribution(self) -> str:
        """Name on the Python registry: that of the library."""
        return self.name

    def support(self, scenario: str, variant: str) -> Support:
        """Look it up in `exceptions`."""
        return look_up(self.exceptions, scenario, variant)

    def prepare(self, broker: BrokerClient, context: AppContext) -> None:
        """Nothing: queues come with the first message."""
