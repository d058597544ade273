"""A search from two names of commits to a `Finding`."""

import hashlib
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.asv.command import AsvProject
from tracker.bisect import counted, noisy
from tracker.bisect.laboratory import REVERTED, Laboratory
from tracker.bisect.line import LineCommit, Repository
from tracker.bisect.measuring import AsvCommits, OpenCommitMeasurer, open_asv, open_harness
from tracker.bisect.recorded import prior
from tracker.bisect.slots import Slots
from tracker.bisect.state import State, read_state
from tracker.bisect.target import (
    end_pairs,
    has_ratio,
    in_logs,
    matching,
    most_different,
    refuse_unknown_metric,
    scenario_of,
)
from tracker.compare.asv_turns import EVERYTHING
from tracker.compare.comparison import alone_in
from tracker.compare.harness_process import MEASURE
from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.measurer import Reading
from tracker.compare.parts import divide
from tracker.errors import DataError
from tracker.history import Source
from tracker.model import Floats, Metric
from tracker.paired.evidence import interval, locate
from tracker.search.answer import Answer, Outcome
from tracker.search.ends import FEWEST, Ends
from tracker.search.finding import Change, Checks, Finding, Suspect
from tracker.search.policy import DEFAULT, VERIFY
from tracker.suite.harness_environment import find_harness, ready_harness
from tracker.suite.scenarios import Suite, read_suite

BISECT_FOLDER = Path(".asv", "bisect")
"""Environments and states of searches, below the configuration's folder; one search at a time."""

# The most pairs of the bad end and of that with the culprit reverted.
REVERTING = 6
INTERVAL_ALPHA = 0.05
# Seconds of the budget that decide into how many parts a turn of our harness is divided: a search
# repeats commits, so short turns are better than long ones.
PARTS_FOR_S = 120.0
NO_SUCH_BENCHMARK = "No benchmarks selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for.

    Attributes:
        source: where results are, read for what is known already and added to.
        repo: repository instead of the configuration's, "" for that one.
        metric: name of what to search with, "" for whatever differs most.
        fresh: forget what an earlier search with the same ends and metric measured.
    """

    config: Path
    source: Source
    repo: str
    good: str
    bad: str
    metric: str
    budget_s: float
    size: str
    machine: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the command line joins in; as for a comparison."""

    describe: Callable[[str, str], Metric]
    read: Callable[[Path, str], tuple[Reading, ...]]
    say: Callable[[str], None]
    on_line: Callable[[str], None]


def bisect(request: Request, tools: Tools) -> Finding:
    """Search, and keep all that is measured; what is interrupted goes on from there.

    Raises:
        UsageError: a commit or the metric does not exist, or the ends are not of one line.
        DataError: an end does not build or run.
    """
    suite = read_suite(request.config)
    scenario = scenario_of(suite, request.metric) if suite.own_harness else EVERYTHING
    folder = suite.root / BISECT_FOLDER
    with alone_in(folder):
        if suite.own_harness:
            ready_harness(suite, (suite.project,))
        repository = Repository(config=request.config, repo=request.repo, on_line=tools.on_line)
        line = repository.read_line(request.good, request.bad)
        state_file = folder / f"{_name_of(line, request.metric)}.json"
        state = State(good=line[0].sha, bad=line[-1].sha, asked=request.metric)
        if not request.fresh:
            state = read_state(state_file, state)
        if state.rounds:
            tools.say(f"going on after {len(state.rounds)} rounds ({state_file})")
        with _opener(request, tools, suite, line)() as measurer:
            laboratory = Laboratory(
                line=line,
                slots=Slots(repository=repository, folder=folder, say=tools.say),
                measurer=measurer,
                scenario=scenario,
                state=state,
                state_file=state_file,
                budget_s=request.budget_s,
                clock=time.monotonic,
                say=tools.say,
            )
            return _Bisection(request, laboratory, repository).run()


def _name_of(line: tuple[LineCommit, ...], metric: str) -> str:
    digest = hashlib.sha256(metric.encode()).hexdigest()[:6]
    return f"{line[0].sha[:8]}-{line[-1].sha[:8]}-{digest}"


def _opener(
    request: Request, tools: Tools, suite: Suite, line: tuple[LineCommit, ...]
) -> OpenCommitMeasurer:
    if suite.own_harness:
        setup = HarnessSetup(
            root=suite.root,
            command=(find_harness(suite.root), *MEASURE),
            project=suite.project,
            pythons={},
            control="",
            size=request.size,
            describe=tools.describe,
            parts=divide(request.size, PARTS_FOR_S, 1),
        )
        return lambda: open_harness(setup)
    commits = AsvCommits(
        project=AsvProject(
            config=request.config,
            results=Path(request.source.results),
            machine=request.machine,
            overrides={},
        ),
        read=tools.read,
        on_line=tools.on_line,
        bench=_pattern(request.metric),
        kept=frozenset(commit.sha for commit in line),
    )
    return lambda: open_asv(commits)


def _pattern(metric: str) -> str:
    """What asv's `--bench` takes to run nothing but *metric*."""
    name, parenthesis, _ = metric.partition("(")
    if not metric:
        return ""
    return f"^{re.escape(metric)}$" if parenthesis else rf"(^|\.){re.escape(name)}(\(|$)"


@dataclass(slots=True)
class _Bisection:
    """The order of one search."""

    request: Request
    laboratory: Laboratory
    repository: Repository

    def run(self) -> Finding:
        labels, label = self._choose_metric()
        if self._is_counted(label):
            chosen = self._prior(label)
            answer, _ = counted.search(self.laboratory, label, chosen)
            if not self.laboratory.state.noisy:
                return self._counted_finding(label, answer)
            self.laboratory.say(f"{label} is no count: the same commit gave two numbers")
        ends = noisy.confirm_ends(self.laboratory, labels, label, DEFAULT)
        if ends is Ends.DIFFER:
            return self._noisy_finding(label)
        outcome = Outcome.NONE if ends is Ends.ALIKE else Outcome.OPEN
        answer = Answer(outcome=outcome, commits=(), probability=1 - INTERVAL_ALPHA)
        return self._finding(label, answer, reason=_why_not(ends))

    def _choose_metric(self) -> tuple[list[str], str]:
        """The rows that were asked for, and the one of them in which the ends differ most."""
        laboratory, asked = self.laboratory, self.request.metric
        while True:
            rounds = laboratory.state.rounds
            labels = matching(asked, laboratory.state.metrics)
            label = most_different(rounds, labels, laboratory.bad)
            pairs = len(end_pairs(in_logs(rounds, label), laboratory.bad)) if label else 0
            single = len(labels) == 1 or (label is not None and self._is_counted(label))
            if label is not None and (single or pairs >= FEWEST or not laboratory.has_time):
                return labels, label
            if rounds and label is None:
                refuse_unknown_metric(asked, laboratory.state.metrics)
            self._measure_ends()

    def _measure_ends(self) -> None:
        try:
            self.laboratory.measure([0, self.laboratory.bad])
        except DataError as error:
            if NO_SUCH_BENCHMARK not in error.message:
                raise
            refuse_unknown_metric(self.request.metric, ())

    def _is_counted(self, label: str) -> bool:
        """Whether *label* may be a count and moved; one that seems not to have is asked twice."""
        state = self.laboratory.state
        if state.noisy or not counted.is_counted(state.metrics[label].name):
            return False
        values = counted.values_of(self.laboratory, label)
        return values[0] != values[self.laboratory.bad]

    def _prior(self, label: str) -> Floats:
        laboratory = self.laboratory
        measured = {place for each in laboratory.state.rounds for place in each.positions}
        return prior(laboratory.line, self.request.source, label, measured, DEFAULT)

    def _counted_finding(self, label: str, answer: Answer) -> Finding:
        checks = Checks()
        if answer.outcome is Outcome.COMMIT:
            values, culprit = counted.values_of(self.laboratory, label), answer.commits[0]
            verified = _exactly(values[culprit - 1], values[culprit])
            without = self._without(label, answer, pairs=1)
            checks = Checks(verified=verified, confirmed=True, without=without)
        return self._finding(label, answer, checks=checks)

    def _noisy_finding(self, label: str) -> Finding:
        found = noisy.search_and_check(self.laboratory, label, self._prior(label), DEFAULT)
        checks, reason = Checks(), "the budget is used"
        if found.pair is not None:
            checks = Checks(
                verified=self._change(label, found.pair),
                confirmed={Ends.DIFFER: True, Ends.ALIKE: False}.get(found.again),
                without=self._without(label, found.answer, pairs=REVERTING),
            )
            reason = "the step was not seen again beside the parent"
        return self._finding(
            label,
            found.answer,
            probabilities=found.belief.main,
            checks=checks,
            reason=reason,
        )

    def _without(self, label: str, answer: Answer, *, pairs: int) -> Change | None:
        """Measure the bad end with the culprit reverted, where git can revert it by itself."""
        laboratory = self.laboratory
        if answer.outcome is not Outcome.COMMIT or answer.commits[0] == laboratory.bad:
            return None
        if not laboratory.has_time:
            return None
        culprit = laboratory.line[answer.commits[0]]
        laboratory.reverted = self.repository.revert(culprit.sha, laboratory.line[-1].sha)
        if not laboratory.reverted:
            laboratory.say(f"{culprit.name} cannot be reverted without conflicts")
            return None
        if pairs > 1:
            pair = (laboratory.bad, REVERTED)
            noisy.repeat_pair(laboratory, label, pair, VERIFY, pairs)
            return self._change(label, pair)
        number = counted.value_without(laboratory, label)
        bad = counted.values_of(laboratory, label)[laboratory.bad]
        return None if number is None else _exactly(bad, number)

    def _change(self, label: str, pair: tuple[int, int]) -> Change | None:
        """What pairs of two commits say of their difference."""
        rounds = self.laboratory.state.rounds
        pairs = noisy.pairs_of(self.laboratory, label, pair)
        if not pairs:
            return None
        levels = [float(np.median([r.value_at(p) or 0.0 for r in pairs])) for p in pair]
        if not has_ratio(rounds, label):
            return Change(
                before=levels[0], after=levels[1], ratio_low=None, ratio_high=None, pairs=len(pairs)
            )
        low, high = -math.inf, math.inf
        if len(pairs) > 1:
            located = locate(noisy.differences_of(pairs, *pair))
            low, high = interval(located, INTERVAL_ALPHA)
        return Change(
            before=math.exp(levels[0]),
            after=math.exp(levels[1]),
            ratio_low=math.exp(low) if low > -math.inf else None,
            ratio_high=math.exp(high) if high < math.inf else None,
            pairs=len(pairs),
        )

    def _finding(
        self,
        label: str,
        answer: Answer,
        *,
        checks: Checks | None = None,
        probabilities: Floats | None = None,
        reason: str = "the budget is used",
    ) -> Finding:
        laboratory = self.laboratory
        state = laboratory.state
        return Finding(
            metric=state.metrics[label],
            label=label,
            answer=answer,
            suspects=tuple(
                Suspect(
                    sha=laboratory.line[place].sha,
                    subject=laboratory.line[place].subject,
                    probability=1.0 if probabilities is None else float(probabilities[place - 1]),
                )
                for place in answer.commits
            ),
            ends=self._change(label, (0, laboratory.bad)),
            checks=checks or Checks(),
            unusable=len(state.unusable.keys() - {REVERTED}),
            commits=laboratory.bad,
            measurements=sum(len(each.positions) for each in state.rounds),
            counted=counted.is_counted(state.metrics[label].name) and not state.noisy,
            reason="" if answer.is_sure and answer.commits else reason,
        )


def _exactly(before: float, after: float) -> Change:
    return Change(before=before, after=after, ratio_low=None, ratio_high=None, pairs=1)


def _why_not(ends: Ends) -> str:
    if ends is Ends.ALIKE:
        return "the ends do not differ by more than what matters"
    return "whether the ends differ stayed open in half of the budget"
