"""The rounds of a comparison: what is undecided goes on, what is clear stops, within a budget."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from tracker import units
from tracker.compare.decisions import Verdicts, decide, paired_row
from tracker.compare.ledger import Ledger, ScenarioLog
from tracker.compare.measurer import Measurer, OpenMeasurer, RowKey, Turn
from tracker.compare.round_order import turns_of
from tracker.model import Verdict
from tracker.paired.policy import PairedPolicy
from tracker.paired.verdict import confirms

# Rounds beyond the fewest after which most scenarios are decided.
SURE = 2
# A round may take so much longer than the one before it.
CAUTION = 1.1
CHANGES = {Verdict.WORSE, Verdict.BETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure, and how long.

    Attributes:
        budget_s: seconds for all rounds, those that measure again included.
        controls: whether a control library runs beside base and head.
        in_order: whether each scenario is decided before the next one is begun; else all of them
            get a round first.
    """

    scenarios: tuple[str, ...]
    budget_s: float
    seed: int
    policy: PairedPolicy
    controls: bool
    in_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that a session found out.

    Attributes:
        again: the rounds that measured changes again.
        checks: for every change: seen again, not seen again, or None where it stayed open.
        stopped: scenario to why it was measured no further.
    """

    first: Ledger
    again: Ledger
    verdicts: Verdicts
    checks: dict[RowKey, bool | None]
    stopped: dict[str, str]
    measured_s: float


@dataclass(slots=True)
class Session:
    """One comparison while it runs.

    Attributes:
        clock: seconds of a monotonic clock.
        say: takes a line of progress.
    """

    plan: Plan
    open_measurer: OpenMeasurer
    clock: Callable[[], float]
    say: Callable[[str], None]
    _began_s: float = field(default=0.0, init=False)
    _stopped: dict[str, str] = field(default_factory=dict, init=False)

    def run(self) -> Measured:
        """Measure until all is decided or the budget is used; then measure changes again."""
        self._began_s = self.clock()
        first, again = Ledger(self.plan.scenarios), Ledger(self.plan.scenarios)
        with self.open_measurer() as measurer:
            verdicts = self._measure_first(measurer, first)
        checks: dict[RowKey, bool | None] = {}
        changed = [key for key in _gating(first, verdicts) if verdicts[key].verdict in CHANGES]
        if changed:
            what = units.count(len(changed), "change")
            self.say(f"{what} measured again, with fresh processes")
            with self.open_measurer() as measurer:
                checks = self._measure_again(measurer, first, again, verdicts, changed)
        return Measured(
            first=first,
            again=again,
            verdicts=verdicts,
            checks=checks,
            stopped=self._stopped,
            measured_s=self.clock() - self._began_s,
        )

    def _measure_first(self, measurer: Measurer, ledger: Ledger) -> Verdicts:
        verdicts: Verdicts = {}
        while (scenario := self._next(ledger, verdicts)) is not None:
            self._measure_round(measurer, ledger, scenario, extras=True)
            verdicts = decide(ledger, self.plan.policy, gating_only=True)
            self._report(ledger, verdicts, scenario)
        return decide(ledger, self.plan.policy)

    def _measure_again(
        self,
        measurer: Measurer,
        first: Ledger,
        again: Ledger,
        verdicts: Verdicts,
        changed: Sequence[RowKey],
    ) -> dict[RowKey, bool | None]:
        checks: dict[RowKey, bool | None] = dict.fromkeys(changed)
        gating = len(_gating(first, verdicts))
        for scenario in dict.fromkeys(key.scenario for key in changed):
            members = [key for key in changed if key.scenario == scenario]
            most = max(self.plan.policy.most_confirming, 2 * first.logs[scenario].rounds)
            for _ in self._rounds_within(again, scenario, first.logs[scenario].round_s, most):
                self._measure_round(measurer, again, scenario, extras=False)
                for key in members:
                    row = paired_row(again, key, {}) if key in again.metrics else None
                    if row is not None:
                        checks[key] = confirms(verdicts[key], row, gating, self.plan.policy)
                if all(checks[key] is not None for key in members):
                    break
            if again.logs[scenario].rounds >= most:
                # Rounds enough to show it, and they did not.
                checks.update({key: bool(checks[key]) for key in members})
        return checks

    def _rounds_within(
        self, ledger: Ledger, scenario: str, round_s: float, most: int
    ) -> Iterator[int]:
        for number in count():
            if number >= most or ledger.logs[scenario].given_up:
                return
            if self._left_s() < (ledger.logs[scenario].round_s or round_s):
                return
            yield number

    def _measure_round(
        self, measurer: Measurer, ledger: Ledger, scenario: str, *, extras: bool
    ) -> None:
        began_s = self.clock()
        turns = self._turns(ledger.logs[scenario], scenario, extras=extras)
        answers = [(turn, measurer.measure(turn)) for turn in turns]
        took_s = (self.clock() - began_s) * 2 / len(turns)
        ledger.add_round(answers, took_s=took_s)

    def _turns(self, log: ScenarioLog, scenario: str, *, extras: bool) -> list[Turn]:
        """The turns of the next round."""
        return turns_of(
            scenario,
            log.attempts,
            seed=self.plan.seed,
            controls=self.plan.controls,
            extras=extras,
        )

    def _next(self, ledger: Ledger, verdicts: Verdicts) -> str | None:
        """The undecided and affordable scenario that is next."""
        reserve_s = self._reserve_s(ledger, verdicts)
        candidates = []
        for scenario, log in ledger.logs.items():
            reason = self._reason_to_stop(ledger, verdicts, scenario)
            cost_s = self._round_cost_s(ledger, scenario)
            if self.plan.in_order:  # what cannot be decided is not begun, and not gone on with
                cost_s = max(cost_s, self._deciding_s(ledger, scenario))
            if not reason and self._left_s() - reserve_s < cost_s:
                reason = "the budget is used up"
            if not reason and self.plan.in_order:
                reason = self._reason_to_give_way(ledger, verdicts, scenario, reserve_s)
            if reason or self._left_s() <= 0:
                self._stopped[scenario] = reason or "the budget is used up"
            else:
                candidates.append((self._rank(log), scenario))
        if self.plan.in_order and candidates:
            return min((scenario for _, scenario in candidates), key=self.plan.scenarios.index)
        return min(candidates)[1] if candidates else None

    def _rank(self, log: ScenarioLog) -> tuple[int, float]:
        """What comes first: when the budget is too small for all, most are decided, not none.

        One round of each; then one after the other, the quickest first, until it has enough rounds
        to be decided; then all in turn.
        """
        if log.attempts == 0:
            return 0, 0.0
        if log.attempts >= self.plan.policy.fewest_rounds + SURE:
            return 3, log.attempts
        return (1, -log.attempts) if log.attempts > 1 else (2, log.round_s)

    def _reason_to_stop(self, ledger: Ledger, verdicts: Verdicts, scenario: str) -> str:
        log = ledger.logs[scenario]
        if log.given_up:
            return "not supported" if log.unsupported else "it fails"
        if log.rounds >= self.plan.policy.max_rounds:
            return f"the limit is {units.count(log.rounds, 'round')}"
        own = [verdicts[key] for key in _gating(ledger, verdicts) if key.scenario == scenario]
        enough = log.rounds >= self.plan.policy.fewest_rounds
        return "everything is decided" if enough and all(v.settled for v in own) else ""

    def _reason_to_give_way(
        self, ledger: Ledger, verdicts: Verdicts, scenario: str, reserve_s: float
    ) -> str:
        """Why the budget is better kept for what else changed, empty where it may decide more."""
        log = ledger.logs[scenario]
        if log.rounds < self.plan.policy.fewest_rounds + SURE:
            return ""
        undecided = [
            verdicts[key].rounds_to_settle or math.inf
            for key in _gating(ledger, verdicts)
            if key.scenario == scenario and not verdicts[key].settled
        ]
        affordable = (self._left_s() - reserve_s) / log.round_s
        if min(undecided, default=math.inf) <= self.plan.policy.out_of_reach * affordable:
            return ""
        return "what is left of the budget would not decide it"

    def _round_cost_s(self, ledger: Ledger, scenario: str) -> float:
        """Seconds that the next round may take, extra turns included; a guess before the first."""
        log = ledger.logs[scenario]
        known = [other.round_s for other in ledger.logs.values() if other.round_s]
        pair_s = log.round_s or (median(known) if known else 0.0)
        return CAUTION * pair_s * len(self._turns(log, scenario, extras=True)) / 2

    def _deciding_s(self, ledger: Ledger, scenario: str) -> float:
        """Seconds until a scenario has rounds enough to be decided."""
        log = ledger.logs[scenario]
        missing = self.plan.policy.fewest_rounds - log.rounds
        return missing * (log.round_s or self._round_cost_s(ledger, scenario))

    def _reserve_s(self, ledger: Ledger, verdicts: Verdicts) -> float:
        """Seconds to keep for measuring again what is worse or better so far."""
        changed = {
            key.scenario for key in _gating(ledger, verdicts) if verdicts[key].verdict in CHANGES
        }
        fewest = self.plan.policy.fewest_confirming + 2
        logs = [ledger.logs[scenario] for scenario in changed]
        return sum(max(fewest, log.rounds // 3) * log.round_s for log in logs)

    def _left_s(self) -> float:
        return self.plan.budget_s - (self.clock() - self._began_s)

    def _report(self, ledger: Ledger, verdicts: Verdicts, scenario: str) -> None:
        gating = _gating(ledger, verdicts)
        settled = sum(verdicts[key].settled for key in gating)
        left_s = max(0, round(self._left_s()))
        log = ledger.logs[scenario]
        reasons = "; ".join(dict.fromkeys(log.failures.values()))
        problem = f" FAILED: {reasons}" if log.failed_in_a_row else ""
        self.say(
            f"{scenario} round {log.attempts}{problem}: {settled} of {len(gating)} gating metrics "
            f"decided, {left_s // 60} min {left_s % 60:02} s left"
        )


def _gating(ledger: Ledger, verdicts: Verdicts) -> list[RowKey]:
    return [key for key in verdicts if ledger.metrics[key].gates]
