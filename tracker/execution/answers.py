"""Judgements of series, kept between calls: for the series that are as they were, or only longer.

An answer is known by the digest of everything that went into it, the code of `tracker.detect`
included. The file can be deleted at any time; then everything is judged anew.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

import tracker.detect
import tracker.model
from tracker.detect import Found
from tracker.detect.policy import STREAM_WINDOW
from tracker.detect.stream import SeriesState
from tracker.execution.parallel import Mapper
from tracker.judge import JudgeSeries, SeriesTask, judge_series
from tracker.system.atomic import replace_file

_TRIES = 4  # lengths that a longer series is looked for at, longest first


class _Kept(msgspec.Struct):
    """The file: lengths of the series judged last, and their answers by digest."""

    sizes: set[int]
    answers: dict[str, Found]


class Answers:
    """What was answered before."""

    def __init__(self, folder: Path, subject: str) -> None:
        """Choose the file for *subject*, whatever names the results."""
        self._path = folder / f"{hashlib.sha256(subject.encode()).hexdigest()[:16]}.answers"
        self._method = _method_digest()
        self._kept = self._load()
        self._used = _Kept(sizes=set(), answers={})

    def remember(self, mapper: Mapper) -> JudgeSeries:
        """Return a judge with a memory: only what is not known is worked out, by *mapper*.

        A series of more than STREAM_WINDOW values that has only grown costs its end.
        """

        def remembering(tasks: Sequence[SeriesTask]) -> list[Found]:
            asked = [(self._digest(task, len(task.values)), task) for task in tasks]
            answers = self._kept.answers
            new = {key: self._with_known(task) for key, task in asked if key not in answers}
            answers.update(zip(new, mapper(judge_series, list(new.values())), strict=True))
            self._used.answers |= {key: answers[key] for key, _ in asked}
            self._used.sizes |= {len(task.values) for _, task in asked}
            return [answers[key] for key, _ in asked]

        return remembering

    def store(self) -> None:
        """Keep the answers that were asked for since the start, and only those."""
        if self._used.answers.keys() != self._stored:
            with suppress(OSError):
                content = msgspec.msgpack.encode(self._used, enc_hook=_plain)
                replace_file(self._path, [content])

    def _load(self) -> _Kept:
        kept = _Kept(sizes=set(), answers={})
        with suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(self._path.read_bytes(), type=_Kept)
        self._stored = set(kept.answers)
        return kept

    def _with_known(self, task: SeriesTask) -> SeriesTask:
        """Return *task* with what was known when it was shorter, if that is worth while."""
        size = len(task.values)
        if size <= STREAM_WINDOW:
            return task
        for seen in self._shorter(size):
            found = self._kept.answers.get(self._digest(task, seen))
            if found is not None:
                return replace(task, known=SeriesState(seen=seen, found=found))
        return task

    def _shorter(self, size: int) -> Iterator[int]:
        yield from sorted((each for each in self._kept.sizes if each < size), reverse=True)[:_TRIES]

    def _digest(self, task: SeriesTask, size: int) -> str:
        """Return the digest of the first *size* values of *task*, repeats included."""
        digest = hashlib.blake2b(self._method, digest_size=16)
        repeats = task.samples[: task.offsets[size]]
        for array in (task.values[:size], repeats, task.offsets[: size + 1]):
            digest.update(array.size.to_bytes(8, "little"))
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def _method_digest() -> bytes:
    """Return a digest of the code that judges, its model included: a new one answers anew."""
    digest = hashlib.sha256(np.__version__.encode())
    for package in (tracker.detect, tracker.model):
        for path in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError
