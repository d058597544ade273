"""What the sentences of an explanation have in common."""

from collections.abc import Callable

from tracker import units
from tracker.model.explanation import Effect
from tracker.model.metric_titles import metric_title

MOST_NAMES = 3

type Name = Callable[[str], str]
"""Writes foreign text: as code in Markdown, cleaned in a terminal."""


def inline_title(metric: str) -> str:
    """The title of a metric within a sentence."""
    title = metric_title(metric)
    return title if title.startswith("Python") else f"{title[0].lower()}{title[1:]}"


def percent(share: float) -> int:
    """A share as a whole number of percent."""
    return round(share * 100)


def with_interval(effect: Effect, unit: str) -> str:
    """What was added or saved, and in brackets how sure that is."""
    low, value, high = (
        f"{'-' if number < 0 else '+'}{units.quantity(abs(number), unit if unit == 's' else '')}"
        for number in (effect.low, effect.value, effect.high)
    )
    return f"{value} ({low} to {high})" + ("" if unit == "s" else f" {unit}")
