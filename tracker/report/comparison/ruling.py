"""What a comparison means for a pull request: gates and triage applied to its rows.

The file's own conclusion is not used: it may have been measured by a stranger's code, and the
gates and the triage are the maintainers'.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.errors import ExitCode
from tracker.model import Better, Verdict
from tracker.model.comparison import (
    EXIT_CODES,
    Comparison,
    Conclusion,
    Row,
    Unpaired,
    fails_alone,
    settled_by_counts,
)
from tracker.model.effect_size import effect_over_noise
from tracker.settings.gates import Gates
from tracker.settings.triage import Action, TriageRule, find_rule

CV_METRIC = "throughput_cv"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledRow:
    """A row and what follows from it.

    Attributes:
        gating: whether this row could fail the comparison.
        fails: it does.
        too_noisy: base and head both spread beyond the limit: no conclusion can rest on it.
        is_open: it is undecided, and no count settles its scenario.
        rule: a maintainer's decision about it; only what is worse can be accepted.
    """

    row: Row
    gating: bool
    fails: bool
    too_noisy: bool
    is_open: bool
    rule: TriageRule | None

    @property
    def effect_over_noise(self) -> float:
        """Size of the change in units of what this run shows without a change; the sort key."""
        return effect_over_noise(self.row.ratio, self.row.noise_floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The whole answer.

    Attributes:
        rows: worst first, by effect over noise.
        failures: what head cannot do any more and nobody has accepted.
        unmeasured: what could not be measured in base either, likewise.
        site: address of the published site, "" when it is not known.
    """

    comparison: Comparison
    rows: tuple[RuledRow, ...]
    failures: tuple[Unpaired, ...]
    unmeasured: tuple[Unpaired, ...]
    conclusion: Conclusion
    site: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """See the table in README.md."""
        return EXIT_CODES[self.conclusion]


def rule_on(
    comparison: Comparison,
    gates: Gates,
    rules: tuple[TriageRule, ...],
    today: date,
    *,
    site: str = "",
) -> Ruling:
    """Apply the maintainers' gates and decisions to what was measured."""
    head = comparison.head.sha
    bench = _Judge(gates, rules, head, today, settled_by_counts(comparison.rows))
    rows = sorted(map(bench.rule, comparison.rows), key=lambda ruled: -ruled.effect_over_noise)
    failed = [
        entry
        for entry in comparison.failed
        if find_rule(rules, names=_names(entry), metric="", commit=head, today=today) is None
    ]
    return Ruling(
        comparison=comparison,
        rows=tuple(rows),
        failures=tuple(entry for entry in failed if entry.side == "head"),
        unmeasured=tuple(entry for entry in failed if entry.side != "head"),
        conclusion=_conclude(comparison, rows, failed),
        site=site,
    )


def _conclude(
    comparison: Comparison, rows: Sequence[RuledRow], failed: Sequence[Unpaired]
) -> Conclusion:
    """Say what follows, as `comparison.conclude` does, less what a maintainer has decided."""
    gating = [ruled for ruled in rows if ruled.gating and ruled.rule is None]
    if any(ruled.fails for ruled in gating):
        return Conclusion.REGRESSION
    alone = fails_alone(comparison.base, comparison.head)
    if alone or any(entry.side == "head" for entry in failed):
        return Conclusion.FAILED
    if any(ruled.is_open for ruled in gating) or failed or not any(ruled.gating for ruled in rows):
        return Conclusion.CANNOT_TELL
    return Conclusion.FINE


@dataclass(frozen=True, slots=True)
class _Judge:
    """What a ruling on any row rests on."""

    gates: Gates
    rules: tuple[TriageRule, ...]
    head: str
    today: date
    settled: frozenset[str]

    def rule(self, row: Row) -> RuledRow:
        """Return what follows from *row*."""
        gate = self.gates.of(row.metric, otherwise=row.gates)
        over_base, over_head = _spread_over_limit(row, self.gates)
        too_noisy = over_base and over_head
        undecided = too_noisy or row.verdict is Verdict.CANNOT_TELL
        fails = gate.fails(row.verdict, worsening(row)) or (over_head and not over_base)
        return RuledRow(
            row=row,
            gating=gate.applies_to_changes or over_head,
            fails=fails,
            too_noisy=too_noisy,
            is_open=undecided and row.scenario not in self.settled,
            rule=self._triage(row, worse=fails or row.verdict is Verdict.WORSE),
        )

    def _triage(self, row: Row, *, worse: bool) -> TriageRule | None:
        """Only what is worse can be accepted."""
        rules = [rule for rule in self.rules if worse or rule.action is Action.SILENCE]
        return find_rule(
            rules, names=_names(row), metric=row.metric, commit=self.head, today=self.today
        )


def _names(entry: Row | Unpaired) -> tuple[str, str]:
    """Return the benchmark's name without parameters, and with them as asv writes it."""
    values = [repr(entry.library)] if entry.library else []
    values += [value for _, value in entry.params]
    return entry.benchmark, f"{entry.benchmark}({', '.join(values)})"


def _spread_over_limit(row: Row, gates: Gates) -> tuple[bool, bool]:
    """Whether base and head exceed a limit on the value itself; for throughput, on its CV."""
    if row.metric == "throughput":
        limit = gates.of(CV_METRIC).ceiling
        return (row.base.cv or 0.0) > limit, (row.head.cv or 0.0) > limit
    limit = gates.of(row.metric).ceiling
    return row.base.median > limit, row.head.median > limit


def worsening(row: Row) -> float:
    """Return the relative worsening of head, positive is worse, inf when it has no ratio."""
    if row.ratio is None:
        return math.inf
    return row.ratio - 1 if row.better is Better.LOWER else 1 - row.ratio
