"""What adapters share: how they say what their library offers, and a few ways of doing things."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from benchmarks.harness.shared.adapter import BrokerClient, BrokerKind, Level, Support
from benchmarks.harness.shared.app_context import AppContext

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


def overall(supports: Sequence[Support]) -> Support:
    """Return what is said of a whole scenario, by its variants: how those that are offered are.

    >>> overall([NATIVE, unsupported("no")]).level, overall([unsupported("no")]).reason
    (<Level.NATIVE: 'native'>, 'no')
    """
    offered = [support for support in supports if support.level is not Level.UNSUPPORTED]
    if not offered:
        return supports[0]
    return next((s for s in offered if s.level is not Level.NATIVE), offered[0])


def length(broker: BrokerClient, *command: str) -> int:
    """Return what a Redis command of the kind of LLEN answers."""
    return int(str(broker.command(*command)))


def made_on_first_use(
    module: MutableMapping[str, Any], **makers: Callable[[AppContext], Any]
) -> Callable[[str], Any]:
    """Return a `__getattr__` for *module* (its `globals()`; PEP 562) with these names.

    Worker commands ask an adapter's module for them; each is made from the context of the process.
    """

    def get(name: str) -> Any:
        if name not in makers:
            raise AttributeError(name)
        made = module[name] = makers[name](AppContext.from_environment())
        return made

    return get


class TableAdapter:
    """What adapters have in common; see `benchmarks.harness.shared.adapter.Adapter` for the rest.

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
