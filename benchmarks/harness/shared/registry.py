"""The libraries we know, by name. Adapters are imported only when asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from benchmarks.harness.shared.adapter import Adapter
from benchmarks.harness.shared.errors import UnknownLibraryError

LIBRARIES = (
    "asynctasq",
    "taskiq",
    "dramatiq",
    "huey",
    "celery",
    "rq",
    "arq",
    "procrastinate",
)
"""In the order of every table. asv stores them as parameters: no removal, no other order."""

FAKE = "fake"
"""A library that is no library: it follows the same protocol in pure Python (tests, references)."""


def adapter_module(library: str) -> str:
    """Dotted name of the module that holds the adapter of *library*.

    Raises:
        UnknownLibraryError: there is no such library.
    """
    if library not in (*LIBRARIES, FAKE):
        raise UnknownLibraryError(library, LIBRARIES)
    return f"benchmarks.harness.library.adapters.{library}_adapter"


def import_adapter(library: str) -> Adapter:
    """The `ADAPTER` of *library*'s module."""
    return cast("Adapter", import_module(adapter_module(library)).ADAPTER)


def resolve(name: str) -> Callable[..., Any]:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
