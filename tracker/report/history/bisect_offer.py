"""The command that finds the commit of an event which lies between two measured ones far apart."""

import shlex
from dataclasses import dataclass

import numpy as np

from tracker.model import Event, EventKind, Series
from tracker.report.history.listed_changes import ListedChange, ListedEvent
from tracker.report.history.overview import Overview
from tracker.units import count

# Commits that may have brought it, from which on a search is worth a sentence.
FAR_APART = 2
_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A search that is worth its time.

    Attributes:
        suspects: how many commits may have brought it.
        good, bad: full shas of the ends; metric: what `tracker bisect` calls it, foreign text.
        untried: how many of the suspects have no result of the metric, not even a failure.
        options: those that say where the history is.
    """

    suspects: int
    good: str
    bad: str
    metric: str
    untried: int
    options: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What finds the commit; it holds foreign text."""
        ends = (self.good[:_DIGITS], self.bad[:_DIGITS])
        return shlex.join(["tracker", "bisect", *ends, "--metric", self.metric, *self.options])

    @property
    def sentence(self) -> str:
        """What comes before the command."""
        return f"{count(self.suspects, 'commit')} may have brought it; this finds which:"


def offer_search(row: ListedEvent, overview: Overview) -> Offer | None:
    """The search for the commit of an event; None where it is known, undone, or no commit's.

    Nor where nothing says how to measure.

    What is counted is searched with rather than what is timed: it takes few measurements.
    """
    event = row.event
    members = [x for x in row.members if _can_tell(x.series, overview) and _is_at(x, event)]
    if event.kind is not EventKind.COMMIT or not event.stands or overview.options is None:
        return None
    if row.last_good is None or row.suspects < FAR_APART or not members:
        return None
    series = max(members, key=_certainty).series
    return Offer(
        suspects=row.suspects,
        good=row.last_good.sha,
        bad=row.latest.sha,
        metric=_name(series),
        untried=row.suspects - _tried(series, event),
        options=overview.options,
    )


def _tried(series: Series, event: Event) -> int:
    """How many of the commits that may have brought *event* were measured, or failed."""
    return int(np.sum((series.positions >= event.earliest) & (series.positions <= event.latest)))


def _certainty(row: ListedChange) -> tuple[bool, bool]:
    """Of several members the first with the most: a count that gates, what gates."""
    metric = row.series.metric
    return metric.gates and metric.is_counted, metric.gates


def _can_tell(series: Series, overview: Overview) -> bool:
    """Whether asv can measure it, and a commit have moved it: other libraries stand beside."""
    if series.is_imported:
        return False
    return not (series.library and overview.project) or series.library == overview.project


def _is_at(row: ListedChange, event: Event) -> bool:
    """Whether a change came where its event is: only then are its levels those of the ends."""
    change = row.judged.change
    first, last = row.series.suspects(change.earliest, change.latest)
    return first <= event.position <= last


def _name(series: Series) -> str:
    """What `tracker bisect` calls the metric."""
    if series.is_ours:
        return f"{series.scenario}.{series.metric.name}"
    return series.key.label
