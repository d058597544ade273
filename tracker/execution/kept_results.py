"""Changes found in series, kept between calls: for the series that are as they were.

An answer is known by the digest of everything that went into it, the code that finds changes
included. So it is the same with any memory and with none; the file can be deleted at any time.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np

import tracker.detect
import tracker.judge
import tracker.model
from tracker.execution.parallel import Mapper
from tracker.judge import Found, JudgeSeries, SeriesTask, judge_series
from tracker.system.atomic import replace_file


class Answers:
    """What was answered before."""

    def __init__(self, folder: Path, subject: str) -> None:
        """Choose the file for *subject*, whatever names the results."""
        self._path = folder / f"{hashlib.sha256(subject.encode()).hexdigest()[:16]}.answers"
        self._method = _method_digest()
        self._kept = self._load()
        self._stored = set(self._kept)
        self._used: dict[str, Found] = {}

    def remember(self, mapper: Mapper) -> JudgeSeries:
        """Return a judge with a memory: only what is not known is worked out, by *mapper*."""

        def remembering(tasks: Sequence[SeriesTask]) -> list[Found]:
            asked = [(self._digest(task), task) for task in tasks]
            new = {key: task for key, task in asked if key not in self._kept}
            self._kept.update(zip(new, mapper(judge_series, list(new.values())), strict=True))
            self._used |= {key: self._kept[key] for key, _ in asked}
            return [self._kept[key] for key, _ in asked]

        return remembering

    def store(self) -> None:
        """Keep the answers that were asked for since the start, and only those."""
        if self._used.keys() != self._stored:
            with suppress(OSError):
                content = msgspec.msgpack.encode(self._used, enc_hook=plain)
                replace_file(self._path, [content])

    def _load(self) -> dict[str, Found]:
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.msgpack.decode(self._path.read_bytes(), type=dict[str, Found])
        return {}

    def _digest(self, task: SeriesTask) -> str:
        """Return the digest of *task*, repeats included."""
        digest = hashlib.blake2b(self._method, digest_size=16)
        repeats = task.samples[: task.offsets[-1]]
        for array in (task.values, *((repeats, task.offsets) if repeats.size else ())):
            digest.update(array.size.to_bytes(8, "little"))
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def _method_digest() -> bytes:
    """Return a digest of the code that finds changes, its model included."""
    digest = hashlib.sha256(np.__version__.encode())
    for package in (tracker.detect, tracker.judge, tracker.model):
        for path in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()


def plain(value: object) -> object:
    """Return a number of numpy as one of Python."""
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError
