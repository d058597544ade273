"""The last judgement of a history, kept between calls: for a history that is as it was.

It is known by the digest of everything that a judgement is made of, the code that judges included.
So it is the same with any memory and with none; the file can be deleted at any time.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np

import tracker
from tracker.execution.kept_results import plain
from tracker.model import Event, History, JudgedChange, JudgedHistory, JudgedSeries, Verdict
from tracker.system.atomic import replace_file

# What takes part in a judgement, below the package.
_ROOMS = ("units.py", "model", "settings", "detect", "counts", "judge")


class _Stand(msgspec.Struct, array_like=True):
    """Where one series stands: `JudgedSeries` without the series."""

    changes: tuple[JudgedChange, ...]
    verdict: Verdict
    minimum_detectable_effect: float
    drift: float
    far_out: float | None
    standing: JudgedChange | None
    notes: tuple[str, ...]


class _Kept(msgspec.Struct, array_like=True):
    series: list[_Stand]
    events: tuple[Event, ...]
    expected_false_alarms: float
    notes: tuple[str, ...]


def recall_or_judge(
    folder: Path, subject: str, history: History, judge: Callable[[], JudgedHistory]
) -> JudgedHistory:
    """Return what *judge* says of *history*, from *folder* where the last call asked the same.

    Args:
        folder: of what is kept between calls.
        subject: whatever names the history.
        history: to be judged.
        judge: judges it.
    """
    path = folder / f"{hashlib.sha256(subject.encode()).hexdigest()[:16]}.judgement"
    key = _key(history)
    if kept := _load(path, key):
        return _join(history, kept)
    judged = judge()
    with suppress(OSError):
        replace_file(path, [key, msgspec.msgpack.encode(_part(judged), enc_hook=plain)])
    return judged


def _load(path: Path, key: bytes) -> _Kept | None:
    """Return what is kept under *key*, with which its file begins."""
    try:
        with path.open("rb") as file:
            if file.read(len(key)) == key:
                return msgspec.msgpack.decode(file.read(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        pass
    return None


def _join(history: History, kept: _Kept) -> JudgedHistory:
    series = (
        JudgedSeries(
            series=one,
            changes=stand.changes,
            verdict=stand.verdict,
            minimum_detectable_effect=stand.minimum_detectable_effect,
            drift=stand.drift,
            far_out=stand.far_out,
            standing=stand.standing,
            notes=stand.notes,
        )
        for one, stand in zip(history.series, kept.series, strict=True)
    )
    return JudgedHistory(
        history=history,
        series=tuple(series),
        events=kept.events,
        expected_false_alarms=kept.expected_false_alarms,
        notes=kept.notes,
    )


def _part(judged: JudgedHistory) -> _Kept:
    return _Kept(
        series=[
            _Stand(
                changes=one.changes,
                verdict=one.verdict,
                minimum_detectable_effect=one.minimum_detectable_effect,
                drift=one.drift,
                far_out=one.far_out,
                standing=one.standing,
                notes=one.notes,
            )
            for one in judged.series
        ],
        events=judged.events,
        expected_false_alarms=judged.expected_false_alarms,
        notes=judged.notes,
    )


def _key(history: History) -> bytes:
    """Return the digest of what a judgement of *history* is made of."""
    digest = hashlib.blake2b(_code(), digest_size=16)
    digest.update(repr((history.project, len(history.commits))).encode("utf-8", "surrogatepass"))
    for one in history.series:
        digest.update(one.digest)
    for place in history.environments:
        digest.update(repr(place).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _code() -> bytes:
    """Return a digest of the code that judges, and of numpy's version, with which it computes."""
    digest = hashlib.blake2b(np.__version__.encode(), digest_size=16)
    root = Path(str(tracker.__file__)).parent
    for room in _ROOMS:
        for path in sorted((root / room).glob("*.py")) if (root / room).is_dir() else [root / room]:
            digest.update(path.read_bytes())
    return digest.digest()
