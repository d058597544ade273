"""Judging from the commit on that the project names: what came before is shown, and not judged."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tracker.model import History, JudgedHistory, JudgedSeries, Series

NEVER_JUDGED = "not judged: a note of the history says why"


def judge_from_first_commits(
    history: History, judge: Callable[[History], JudgedHistory]
) -> JudgedHistory:
    """Judge *history* by *judge* as if no series had a value before its `judged_from`."""
    if not any(one.judged_from for one in history.series):
        return judge(history)
    hidden = tuple(map(_hide, history.series))
    judged = judge(replace(history, series=hidden))
    shown = zip(judged.series, history.series, strict=True)
    return replace(
        judged, history=history, series=tuple(_show(one, series, history) for one, series in shown)
    )


def _hide(one: Series) -> Series:
    early = one.positions < one.judged_from
    if not early.any():
        return one
    samples = np.where(np.repeat(early, np.diff(one.offsets)), np.nan, one.samples)
    return replace(one, values=np.where(early, np.nan, one.values), samples=samples)


def _show(one: JudgedSeries, series: Series, history: History) -> JudgedSeries:
    never = series.judged_from >= len(history.commits)
    return replace(one, series=series, notes=(NEVER_JUDGED,) if never else one.notes)
