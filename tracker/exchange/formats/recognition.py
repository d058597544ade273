"""Which format a document is of."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.exchange.formats import (
    bencher,
    criterion,
    github_action_benchmark,
    google_benchmark,
    hyperfine,
    pyperf,
    pytest_benchmark,
)
from tracker.exchange.formats.document import Document
from tracker.exchange.measurement import Parsed


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, how it is recognised, and how it is parsed."""

    name: str
    recognise: Callable[[Document], bool]
    parse: Callable[[Document], Parsed]


# In this order: what is told by its own words stands before what is told by its shape.
FORMATS = tuple(
    Format(module.NAME, module.recognise, module.parse)
    for module in (
        criterion,
        github_action_benchmark,
        pytest_benchmark,
        pyperf,
        hyperfine,
        google_benchmark,
        bencher,
    )
)
NAMES = tuple(each.name for each in FORMATS)


def find_format(document: Document, name: str | None = None) -> Format | None:
    """Return the format called *name*, else the first that recognises *document*, else None."""
    if name is not None:
        return next(each for each in FORMATS if each.name == name)
    return next((each for each in FORMATS if each.recognise(document)), None)
