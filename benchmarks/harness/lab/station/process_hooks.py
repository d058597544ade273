"""What is put around processes that are counted. A timed run has none of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Around one process.

    Attributes:
        environment: variables that it gets, stronger than ours.
        prefix: a command that runs the process's own.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()


NO_HOOK = Hook()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Around the workers, and around what sends tasks: the producer, or the library's server."""

    worker: Hook = NO_HOOK
    producer: Hook = NO_HOOK


NO_HOOKS = Hooks()
