"""Judgements of series that have not changed, kept between calls.

Never truth: an answer is known by the digest of everything that went into it, the code of
`tracker.detect` included, and the file can be deleted at any time.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import numpy as np

import tracker.detect
from tracker.cli.mapping import Mapper
from tracker.history.atomic import replace_file


class Answers:
    """What was answered before, by digest."""

    def __init__(self, folder: Path, subject: str) -> None:
        """Choose the file for *subject*, whatever names the results."""
        self._path = folder / f"{hashlib.sha256(subject.encode()).hexdigest()[:16]}.answers"
        self._used: dict[str, bytes] = {}
        self._known = self._load()
        self._method = _method_digest()

    def remember(self, mapper: Mapper) -> Mapper:
        """Return *mapper* with a memory: only what is not known is worked out by it."""

        def remembering[Task, Answer](
            function: Callable[[Task], Answer], tasks: Iterable[Task], /
        ) -> Iterable[Answer]:
            kind = get_type_hints(function)["return"]
            asked = [(self._digest(function, task), task) for task in tasks]
            new = {key: task for key, task in asked if key not in self._known}
            for key, answer in zip(new, mapper(function, new.values()), strict=True):
                self._known[key] = msgspec.msgpack.encode(answer, enc_hook=_plain)
            self._used |= {key: self._known[key] for key, _ in asked}
            return [msgspec.msgpack.decode(self._known[key], type=kind) for key, _ in asked]

        return remembering

    def store(self) -> None:
        """Keep the answers that were asked for since the start, and only those."""
        if self._used.keys() != self._stored:
            with suppress(OSError):
                replace_file(self._path, [msgspec.msgpack.encode(self._used)])

    def _load(self) -> dict[str, bytes]:
        known: dict[str, bytes] = {}
        with suppress(OSError, msgspec.MsgspecError):
            known = msgspec.msgpack.decode(self._path.read_bytes(), type=dict[str, bytes])
        self._stored = known.keys() | set()
        return known

    def _digest(self, function: Callable[..., object], task: Any) -> str:
        digest = hashlib.blake2b(self._method, digest_size=16)
        digest.update(function.__qualname__.encode())
        for field in fields(task):
            value = getattr(task, field.name)
            digest.update(f"\x1f{field.name}\x1f".encode())
            if isinstance(value, np.ndarray):
                digest.update(f"{value.dtype}{value.shape}".encode())
                digest.update(np.ascontiguousarray(value).data)
            else:
                digest.update(repr(value).encode())
        return digest.hexdigest()


def _method_digest() -> bytes:
    """Return a digest of the code that judges: a new version answers everything anew."""
    digest = hashlib.sha256(np.__version__.encode())
    for path in sorted(Path(tracker.detect.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError
