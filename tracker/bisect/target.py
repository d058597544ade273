"""The metric that a search goes by: named by the user, or the one in which the ends differ most."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import reduce
from operator import itemgetter

from tracker.bisect.state import MeasuredRound
from tracker.compare.measurer import RowKey
from tracker.counts.count_changes import CountChange, compare_counts, join_counts
from tracker.errors import UsageError
from tracker.model import Metric, Verdict
from tracker.model.catalogue import METRICS
from tracker.model.counts import CountedMetric
from tracker.search.rounds import Round
from tracker.suite.scenarios import Suite

COUNTED_EXAMPLES = ("round_trips_per_task", "lines_per_task", "cpu_per_kilotask")


def label_of(key: RowKey) -> str:
    """What a row is called in the state and in the answer, as asv writes it."""
    values = ", ".join(value for _, value in key.params)
    return f"{key.benchmark}({values})" if values else key.benchmark


def matching(asked: str, metrics: dict[str, Metric]) -> list[str]:
    """The labels of rows that *asked* names: all that gate where it names none.

    A row goes by its label, its benchmark, the last part of that, or `scenario.metric`.
    """
    if not asked:
        return [label for label, metric in metrics.items() if metric.gates]
    return [label for label, metric in metrics.items() if asked in _names(label, metric)]


def _names(label: str, metric: Metric) -> set[str]:
    benchmark = label.partition("(")[0]
    scenario, last = benchmark.partition(".")[0], benchmark.rpartition(".")[2]
    return {label, benchmark, last, f"{scenario}.{metric.name}"}


def refuse_unknown_metric(asked: str, known: Iterable[str]) -> None:
    """Raise UsageError that says which there are."""
    names = sorted(known)
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")  # noqa: PLR2004 - a line
    what = f"name one of {shown}" if names else "name a benchmark that `asv check` knows"
    raise UsageError(f"no metric {asked} was measured at both ends", what)


def check_asked(suite: Suite, asked: str) -> None:
    """Refuse before anything is built what our own suite does not have.

    Raises:
        UsageError: *asked* does not begin with a scenario, or there is no such metric.
    """
    scenario, metric = scenario_of(asked), metric_of(asked)
    if scenario not in suite.scenarios:
        raise UsageError(
            f"no scenario {scenario!r}",
            f"--metric SCENARIO.METRIC, the scenario one of {', '.join(suite.scenarios)}",
        )
    if metric not in METRICS:
        near = get_close_matches(metric, METRICS, n=3) or [*COUNTED_EXAMPLES]
        raise UsageError(f"no metric {metric!r}", f"name one such as {', '.join(near)}")


def scenario_of(label: str) -> str:
    """The scenario of our own suite in the name of a row, or in `scenario.metric`."""
    return label.partition(".")[0]


def metric_of(label: str) -> str:
    """The metric of our own suite in the name of a row, or in `scenario.metric`.

    >>> metric_of("cold_start.start_lines"), metric_of("cold_start.ColdStart.track_start_lines")
    ('start_lines', 'start_lines')
    """
    return label.partition("(")[0].rpartition(".")[2].removeprefix("track_")


def most_different(rounds: Sequence[MeasuredRound], labels: Sequence[str], n: int) -> str | None:
    """Which of the rows differs most between the ends, of those that both have."""
    sizes: dict[str, float] = {}
    for label in labels:
        pairs = end_pairs(in_logs(rounds, label), n)
        away = [abs((r.value_at(n) or 0.0) - (r.value_at(0) or 0.0)) for r in pairs]
        if away:
            sizes[label] = sorted(away)[(len(away) - 1) // 2]
    return max(sizes, key=lambda label: sizes[label]) if sizes else None


def has_ratio(rounds: Sequence[MeasuredRound], label: str) -> bool:
    """Whether all values of a row are positive, so that there are ratios."""
    return all(value > 0 for each in rounds for value in each.values.get(label, ()))


def in_logs(rounds: Sequence[MeasuredRound], label: str) -> list[Round]:
    """The rounds of one row: logarithms where there are ratios, else as they are."""
    own = [found for each in rounds if (found := each.of(label)) is not None]
    return [each.in_logs() for each in own] if has_ratio(rounds, label) else own


def end_pairs(rounds: Sequence[Round], n: int) -> list[Round]:
    """Those rounds that hold nothing but both ends."""
    return [each for each in rounds if set(each.positions) == {0, n}]


def most_moved(
    rounds: Sequence[MeasuredRound], metrics: Mapping[str, Metric], n: int
) -> tuple[str, CountChange] | None:
    """The counted row that changed most between the ends; one that gates goes before the others.

    None where none moved.
    """
    found = []
    for label, metric in metrics.items():
        good, bad = (_end_count(rounds, label, end, n) for end in (0, n))
        if metric.is_counted and good is not None and bad is not None:
            change = compare_counts(metric, good, bad)
            matters = metric.gates and change.verdict is not Verdict.NO_CHANGE
            found += [((matters, change.size), label, change)] if change.moved else []
    return max(found, key=itemgetter(0))[1:] if found else None


def _end_count(
    rounds: Sequence[MeasuredRound], label: str, end: int, n: int
) -> CountedMetric | None:
    """All counts of an end that stood in a round with the other one, joined."""
    own = [
        each
        for one in rounds
        if set(one.positions) == {0, n}
        for place, each in one.counts_of(label)
        if place == end
    ]
    return reduce(join_counts, own) if own else None
