"""A search from two names of commits to a `Finding`."""

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tracker.asv.command import AsvProject
from tracker.bisect import counted, noisy
from tracker.bisect.cells import TIMES, Bench
from tracker.bisect.choosing import Chooser
from tracker.bisect.laboratory import REVERTED, Laboratory
from tracker.bisect.line import LineCommit, Repository
from tracker.bisect.measuring import (
    AsvCommits,
    HarnessCommits,
    Ways,
    ways_of_asv,
    ways_of_harness,
)
from tracker.bisect.recorded import prior
from tracker.bisect.slots import Slots
from tracker.bisect.state import State, read_state, state_file
from tracker.bisect.target import check_asked, has_ratio
from tracker.compare.comparison import alone_in
from tracker.compare.measurer import Reading
from tracker.history import Source
from tracker.model import Floats, Metric
from tracker.paired.evidence import interval, locate
from tracker.search.answer import Answer, Outcome
from tracker.search.ends import Ends
from tracker.search.exact import Step
from tracker.search.finding import Checks, Difference, Finding, Suspect
from tracker.search.policy import DEFAULT, VERIFY, SearchPolicy
from tracker.suite.harness_environment import find_harness, ready_harness
from tracker.suite.scenarios import Suite, read_suite
from tracker.units import count

BISECT_FOLDER = Path(".asv", "bisect")
"""Environments and states of searches, below the configuration's folder; one search at a time."""

# The most pairs of the bad end and of that with the culprit reverted.
REVERTING = 6
INTERVAL_ALPHA = 0.05
EQUAL = "both ends count the same"
NEARLY_EQUAL = "the ends differ by no more than equal code does"
BUDGET_USED = "the budget is used, and the same command goes on"
SPREAD_OUT = "the ends differ, but no two neighbours by more than equal code does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for.

    Attributes:
        source: where results are, read for what is known already and added to.
        repo: repository instead of the configuration's, "" for that one.
        metric: name of what to search with, "" for whatever differs most.
        fresh: forget what an earlier search with the same ends and metric measured.
        states: folder of the states of searches, None for that of the environments.
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
    states: Path | None = None


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
    if suite.own_harness and request.metric:
        check_asked(suite, request.metric)
    folder = suite.root / BISECT_FOLDER
    with alone_in(folder):
        if suite.own_harness:
            ready_harness(suite, (suite.project,))
        repository = Repository(config=request.config, repo=request.repo, on_line=tools.on_line)
        line = repository.read_line(request.good, request.bad)
        state = State(good=line[0].sha, bad=line[-1].sha, asked=request.metric)
        file = state_file(request.states or folder, state.good, state.bad, state.asked)
        if not request.fresh:
            state = read_state(file, state)
        if state.rounds:
            tools.say(f"going on after {count(len(state.rounds), 'round')} ({file})")
        ways = _ways(request, tools, suite, line)
        laboratory = Laboratory(
            line=line,
            slots=Slots(repository=repository, folder=folder, say=tools.say),
            measurer=ways.clock,
            scenario=ways.scenarios[0],
            state=state,
            state_file=file,
            budget_s=request.budget_s,
            clock=time.monotonic,
            say=tools.say,
        )
        finding = _Bisection(request, laboratory, repository, ways).run()
        state.finished = finding.answer.is_sure
        state.found = [suspect.sha for suspect in finding.suspects]
        laboratory.save()
        return finding


def _ways(request: Request, tools: Tools, suite: Suite, line: tuple[LineCommit, ...]) -> Ways:
    project = AsvProject(
        config=request.config,
        results=Path(request.source.results),
        machine=request.machine,
        overrides={},
    )
    kept = frozenset(commit.sha for commit in line)
    if not suite.own_harness:
        return ways_of_asv(
            AsvCommits(
                project=project,
                read=tools.read,
                on_line=tools.on_line,
                bench=_pattern(request.metric),
                kept=kept,
            )
        )
    bench = Bench(
        suite=suite,
        python=find_harness(suite.root),
        machine=request.machine,
        results=project.results,
        on_line=tools.on_line,
    )
    return ways_of_harness(
        HarnessCommits(
            bench=bench,
            project=project,
            describe=tools.describe,
            size=request.size,
            kept=kept,
            only=TIMES,
        )
    )


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
    ways: Ways

    def run(self) -> Finding:
        chooser = Chooser(laboratory=self.laboratory, ways=self.ways, asked=self.request.metric)
        choice = chooser.choose()
        label, state = choice.label, self.laboratory.state
        if counted.ends_moved(self.laboratory, label):
            answer, steps = counted.search(self.laboratory, label, self._prior(label))
            if not state.noisy:
                return self._counted_finding(label, answer, steps)
            self.laboratory.say(f"{label} is not a count: the same commit gave two numbers")
        elif state.metrics[label].is_counted and not state.noisy:
            answer = Answer(outcome=Outcome.NONE, commits=(), probability=1.0)
            change = counted.change_between(self.laboratory, label, 0, self.laboratory.bad)
            same = change.base == change.head
            return self._finding(label, answer, reason=EQUAL if same else NEARLY_EQUAL)
        policy = DEFAULT.of_one_in(len(choice.rivals))
        ends = noisy.confirm_ends(self.laboratory, label, policy)
        if ends is Ends.DIFFER:
            state.noisy |= self._is_counted(label)  # once they were equal
            return self._noisy_finding(label, policy)
        outcome = Outcome.NONE if ends is Ends.ALIKE else Outcome.OPEN
        answer = Answer(outcome=outcome, commits=(), probability=1 - INTERVAL_ALPHA)
        return self._finding(label, answer, reason=_why_not(ends))

    def _prior(self, label: str) -> Floats:
        laboratory = self.laboratory
        measured = {place for each in laboratory.state.rounds for place in each.positions}
        return prior(laboratory.line, self.request.source, label, measured, DEFAULT)

    def _counted_finding(self, label: str, answer: Answer, steps: tuple[Step, ...]) -> Finding:
        checks, reason = Checks(), BUDGET_USED
        if answer.outcome is Outcome.COMMIT:
            place = answer.commits[0]
            change = counted.change_between(self.laboratory, label, place - 1, place)
            if change.moved:
                without = self._without(label, answer, pairs=1)
                verified = self._difference(label, (place - 1, place))
                checks = Checks(verified=verified, confirmed=True, without=without)
            else:
                answer, reason = replace(answer, outcome=Outcome.OPEN), SPREAD_OUT
        at = {step.first_after: step for step in steps if len(step.commits) == 1}
        finding = self._finding(label, answer, checks=checks, reason=reason)
        return replace(
            finding,
            suspects=tuple(
                replace(suspect, step=_counted(at[place].before, at[place].after))
                if place in at
                else suspect
                for suspect, place in zip(finding.suspects, answer.commits, strict=True)
            ),
            tolerance=max((step.tolerance for step in steps), default=0.0),
        )

    def _noisy_finding(self, label: str, policy: SearchPolicy) -> Finding:
        found = noisy.search(self.laboratory, label, self._prior(label), policy)
        checks, reason = Checks(), BUDGET_USED
        if found.pair is not None:
            checks = Checks(
                verified=self._difference(label, found.pair),
                confirmed={Ends.DIFFER: True, Ends.ALIKE: False}.get(found.again),
                without=self._without(label, found.answer, pairs=REVERTING),
            )
            if found.again is Ends.ALIKE or self.laboratory.has_time:
                reason = "the step was not seen again beside the parent"
        return self._finding(
            label,
            found.answer,
            probabilities=found.belief.main,
            checks=checks,
            reason=reason,
        )

    def _without(self, label: str, answer: Answer, *, pairs: int) -> Difference | None:
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
            return self._difference(label, pair)
        number = counted.value_without(laboratory, label)
        bad = counted.counts_of(laboratory, label)[laboratory.bad]
        return None if number is None else _counted(bad.value, number, times=1)

    def _difference(self, label: str, pair: tuple[int, int]) -> Difference | None:
        """What pairs of two commits say of their difference, or counts of them."""
        if self._is_counted(label):
            counts = counted.counts_of(self.laboratory, label)
            first, second = (counts[place] for place in pair)
            times = min(len(first.samples), len(second.samples))
            return _counted(first.value, second.value, times=times)
        rounds = self.laboratory.state.rounds
        pairs = noisy.pairs_of(self.laboratory, label, pair)
        if not pairs:
            return None
        levels = [float(np.median([r.value_at(p) or 0.0 for r in pairs])) for p in pair]
        if not has_ratio(rounds, label):
            return Difference(
                before=levels[0], after=levels[1], ratio_low=None, ratio_high=None, pairs=len(pairs)
            )
        low, high = -math.inf, math.inf
        if len(pairs) > 1:
            located = locate(noisy.differences_of(pairs, *pair))
            low, high = interval(located, INTERVAL_ALPHA)
        return Difference(
            before=math.exp(levels[0]),
            after=math.exp(levels[1]),
            ratio_low=math.exp(low) if low > -math.inf else None,
            ratio_high=math.exp(high) if high < math.inf else None,
            pairs=len(pairs),
        )

    def _is_counted(self, label: str) -> bool:
        state = self.laboratory.state
        return counted.is_counted(state.metrics[label]) and not state.noisy

    def _finding(
        self,
        label: str,
        answer: Answer,
        *,
        checks: Checks | None = None,
        probabilities: Floats | None = None,
        reason: str = BUDGET_USED,
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
            ends=self._difference(label, (0, laboratory.bad)),
            checks=checks or Checks(),
            unusable=len(state.unusable.keys() - {REVERTED}),
            commits=laboratory.bad,
            measurements=sum(len(each.positions) for each in state.rounds),
            counted=self._is_counted(label),
            reason="" if answer.is_sure and answer.commits else reason,
        )


def _counted(before: float, after: float, times: int = 1) -> Difference:
    return Difference(before=before, after=after, ratio_low=None, ratio_high=None, pairs=times)


def _why_not(ends: Ends) -> str:
    if ends is Ends.ALIKE:
        return "the ends do not differ by more than what matters"
    return (
        "half of the budget did not settle whether the ends differ; give more with --budget, or a "
        "metric that varies less"
    )
