"""Which row a search goes by, and how: counted where a count moved, else timed.

In our own suite a count is cheap and certain, so where no metric is named both ends are counted in
every scenario first. Only where no count moved is the clock asked, of the scenarios one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.bisect import counted
from tracker.bisect.laboratory import Laboratory
from tracker.bisect.measuring import Ways
from tracker.bisect.target import (
    end_pairs,
    in_logs,
    matching,
    metric_of,
    most_different,
    most_moved,
    refuse_unknown_metric,
    scenario_of,
)
from tracker.errors import DataError
from tracker.model.catalogue import COUNTED
from tracker.search.ends import FEWEST

NO_SUCH_BENCHMARK = "No benchmarks selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The row to search with, and all those among which its ends differ most."""

    label: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Chooses for one search; `laboratory` then measures in the way that the row needs.

    Attributes:
        asked: the metric as the user names it, "" for none.
    """

    laboratory: Laboratory
    ways: Ways
    asked: str

    def choose(self) -> Choice:
        """Measure the ends until it is clear by which row to search.

        Raises:
            UsageError: no row is called what was asked for.
            DataError: an end cannot be measured.
        """
        state = self.laboratory.state
        if self.ways.counting is None:
            return self._most_different(self.asked, self.ways.scenarios)  # asv, all at once
        name = self.asked or state.chosen or self._most_moved()
        if not name:
            self.laboratory.say("no count moved: from here on it is timed")
            self.laboratory.measurer = self.ways.clock
            name = self._most_different("", self.ways.scenarios).label
        if not self.asked and name != state.chosen:
            state.chosen = name
            self.laboratory.save()
        self._go_over_to(name)
        chosen = self._most_different(name, (scenario_of(name),))
        if self.asked:
            return chosen
        is_counted = state.metrics[chosen.label].is_counted
        return Choice(label=chosen.label, rivals=self._rows("", are_counted=is_counted))

    def _go_over_to(self, name: str) -> None:
        """Measure in the scenario of *name* from now on, and in the way that it needs."""
        metric, counting = metric_of(name), self.ways.counting
        self.laboratory.scenario = scenario_of(name)
        self.laboratory.measurer = self.ways.clock
        if counting is not None and metric in COUNTED:
            self.laboratory.measurer = counting.wanting(metric)

    def _most_moved(self) -> str:
        """Count the ends in all scenarios: the row that moved most, "" for none."""
        laboratory, ways = self.laboratory, self.ways
        if ways.counting is None:
            return ""
        laboratory.measurer = ways.counting
        done = {scenario_of(label) for label in laboratory.state.metrics}
        self._measure_ends([scenario for scenario in ways.scenarios if scenario not in done])
        while True:
            found = most_moved(laboratory.state.rounds, laboratory.state.metrics, laboratory.bad)
            if found is None:
                return ""
            label, change = found
            again = sum(label in each.values for each in laboratory.state.rounds) > 1
            if not change.tolerance or again or not laboratory.has_time:
                return label
            self._go_over_to(label)  # no single pair of workers decides
            laboratory.measure([0, laboratory.bad])

    def _most_different(self, name: str, scenarios: Sequence[str]) -> Choice:
        """The row that *name* names, or that of all in which the ends differ most."""
        laboratory, measured = self.laboratory, False
        while True:
            state = laboratory.state
            labels = self._rows(name)
            label = most_different(state.rounds, labels, laboratory.bad)
            if label is not None and self._is_enough(label, labels):
                return Choice(label=label, rivals=labels)
            if label is None and measured:
                refuse_unknown_metric(name, state.metrics)
            scenarios, failed = self._measure_ends(scenarios)
            if failed is not None and not scenarios:
                raise failed
            measured = True

    def _rows(self, name: str, *, are_counted: bool = False) -> tuple[str, ...]:
        """Rows that *name* names; of our own suite, where it names none, the timed or counted."""
        metrics = self.laboratory.state.metrics
        labels = matching(name, metrics)
        if name or self.ways.counting is None:
            return tuple(labels)
        return tuple(label for label in labels if metrics[label].is_counted == are_counted)

    def _is_enough(self, label: str, labels: Sequence[str]) -> bool:
        """Whether the ends were measured often enough to take *label* from among *labels*."""
        laboratory = self.laboratory
        if len(labels) == 1 or not laboratory.has_time or counted.ends_moved(laboratory, label):
            return True
        rounds = in_logs(laboratory.state.rounds, label)
        return len(end_pairs(rounds, laboratory.bad)) >= FEWEST

    def _measure_ends(self, scenarios: Sequence[str]) -> tuple[list[str], DataError | None]:
        """Measure both ends in each scenario: those in which that went well, and the last failure.

        Raises:
            DataError: an end does not build.
        """
        laboratory = self.laboratory
        done: list[str] = []
        failed: DataError | None = None
        for scenario in scenarios:
            if done and not laboratory.has_time:
                break
            laboratory.scenario = scenario
            if len(scenarios) > 1:
                laboratory.say(f"the ends in {scenario}")
            try:
                laboratory.measure([0, laboratory.bad])
                done.append(scenario)
            except DataError as error:
                if NO_SUCH_BENCHMARK in error.message:
                    refuse_unknown_metric(self.asked, ())
                if not {0, laboratory.bad} <= laboratory.ready:  # it does not build
                    raise
                failed = error
        return done, failed
