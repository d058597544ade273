"""What a profiler saw, as the price of a cause, or as a cause of its own."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tracker.explain.explained_share import TIMED, TimedChange
from tracker.explain.sampled_functions import ALPHA, Interval, SampledChange
from tracker.explain.source_code import FunctionName
from tracker.explain.task_stages import KILO, ROLES
from tracker.model.explanation import Cause, CauseKind, CodeState, Sampled, Stage, fitting


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A function that takes another time, and how much of the measured change that is."""

    role: str
    name: FunctionName
    p: float
    waits: bool | None
    price: Sampled


def significant(functions: Sequence[Priced]) -> dict[FunctionName, Priced]:
    """Return those of all *functions* that differ by more than noise (Bonferroni), by name."""
    return {one.name: one for one in functions if one.p * len(functions) < ALPHA}


def priced(
    changes: Iterable[SampledChange], timed: Sequence[TimedChange], stages: Sequence[Stage]
) -> Iterator[Priced]:
    """Give each of *changes* its share of what a clock found; without one, of what was sampled."""
    for one in changes:
        of, measured = _measured(one, timed, stages)
        price = _price(one, of, measured)
        yield Priced(role=one.role, name=one.name, p=one.p, waits=one.waits, price=price)


def with_price(cause: Cause, one: Priced | None) -> Cause:
    """Add to *cause* what a profiler saw; a call that runs no Python may turn out to wait."""
    if one is None:
        return cause
    waits = cause.kind is CauseKind.C_CODE and one.waits
    kind = CauseKind.WAITING if waits else cause.kind
    return replace(cause, kind=kind, sampled=one.price)


def only_sampled(one: Priced, place: str, code: CodeState) -> Cause:
    """A function whose counts did not move."""
    return Cause(
        kind=CauseKind.WAITING if one.waits else CauseKind.C_CODE,
        role=one.role,
        name=fitting(one.name[1]),
        place=fitting(place),
        unit="s",
        base=one.price.base,
        head=one.price.head,
        code=code,
        sampled=one.price,
    )


def _measured(
    one: SampledChange, timed: Sequence[TimedChange], stages: Sequence[Stage]
) -> tuple[str, Interval]:
    """The change that this one is a part of, and its name."""
    waiting = [each for each in stages if each.waits and ROLES.get(each.name, "worker") == one.role]
    if one.waits is not False and waiting:
        stage = max(waiting, key=lambda each: abs(each.difference))
        return stage.name.value, Interval(value=stage.difference, low=stage.low, high=stage.high)
    prefix = "enqueue_" if one.role == "producer" else ""
    for each in timed:
        finite = each.base and all(map(math.isfinite, (each.low, each.high)))
        if TIMED.get(each.metric) == prefix and finite and not one.waits:
            seconds = (each.base or 0.0) / KILO
            value, low, high = (
                seconds * (ratio - 1) for ratio in (each.ratio, each.low, each.high)
            )
            return each.metric, Interval(value=value, low=low, high=high)
    return "sampled", one.whole


def _price(one: SampledChange, of: str, measured: Interval) -> Sampled:
    """The share has an interval that holds all quotients of both intervals' ends."""
    part = one.difference
    if measured.low <= 0 <= measured.high:  # of no change at all anything is a share
        ends = [0.0, 1.0]
    else:
        ends = [_clip(x / y) for x in (part.low, part.high) for y in (measured.low, measured.high)]
    share = _clip(part.value / measured.value) if measured.value else 0.0
    return Sampled(
        base=one.base,
        head=one.head,
        low=part.low,
        high=part.high,
        of=fitting(of),
        share=share,
        share_low=min([*ends, share]),
        share_high=max([*ends, share]),
    )


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)
