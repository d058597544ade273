"""What was parsed before, kept so that a second reading parses only new files.

Never truth: the file can be deleted at any time, is ignored when damaged or of another version,
and is replaced in one step. Layout: 8 bytes length of the header, the header (JSON, padded), then
each vector of `Cells` over all files, raw, in the order of `_VECTORS`, and their checksum.
"""

import hashlib
import mmap
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

import msgspec
import numpy as np

from tracker.history.asv.cells import Cells, Entries, Entry, FileFacts, ParsedFile
from tracker.history.asv.tree import Stamp
from tracker.system.atomic import replace_file

# A change of these, the layout of the cache among them, parses anew.
_PARSERS = ("benchmarks.py", "cache.py", "cells.py", "file_facts.py", "result_file.py")
_ALIGNMENT = 64
_CHECKSUM = 4  # bytes
_VECTORS: dict[str, type[np.generic]] = {
    "values": np.float64,
    "low": np.float64,
    "high": np.float64,
    "samples": np.float64,
    "counts": np.int32,
    "codes": np.int8,
    "loops": np.int32,
}


class _File(msgspec.Struct, array_like=True):
    """One file: what tells that it is the same, and where its parts are."""

    stamp: tuple[str, int, str]
    layout: int
    cells: int
    samples: int
    facts: tuple[str, str, str, int, str, str, int, int]


class _Header(msgspec.Struct):
    version: int
    entries: list[tuple[str, str, tuple[tuple[str, ...], ...]]]
    layouts: list[tuple[int, ...]]
    facts: list[tuple[tuple[str, str], ...]]
    files: list[_File]


class Cache:
    """The parsed files of one results tree, in one file of *folder*."""

    def __init__(self, folder: Path, address: str) -> None:
        """Choose the file by the *address* of the tree, wherever it is named from."""
        if "://" not in address:
            address = str(Path(address).resolve())
        name = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self.path = folder / f"results-{name}.cells"

    def load(self, entries: Entries) -> dict[Stamp, ParsedFile]:
        """Return what is known, {} when nothing is usable; fill *entries*, which must be empty.

        The cells are views of the mapped file: they cost memory only as they are read.
        """
        try:
            with self.path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            size = int.from_bytes(content[:8], "little")
            header = msgspec.json.decode(content[8 : 8 + size], type=_Header)
            body = memoryview(content)[8 + size : -_CHECKSUM]
            checksum = int.from_bytes(content[-_CHECKSUM:], "little")
            if header.version != _version() or zlib.crc32(body) != checksum:
                return {}
            files = dict(_unpack(header, body))
        except (OSError, ValueError, IndexError, msgspec.MsgspecError):
            return {}
        entries.extend(Entry(*fields) for fields in header.entries)
        return files

    def store(self, entries: Sequence[Entry], files: Mapping[Stamp, ParsedFile]) -> None:
        """Replace what is known. A folder that cannot be written is left alone."""
        with suppress(OSError):
            replace_file(self.path, _pack(entries, files))


def _version() -> int:
    """Return a checksum of the code that made the cells."""
    folder = Path(__file__).parent
    return zlib.crc32(b"".join((folder / name).read_bytes() for name in _PARSERS))


def _pack(
    entries: Sequence[Entry], files: Mapping[Stamp, ParsedFile]
) -> Iterator[bytes | memoryview]:
    layouts: dict[tuple[int, ...], int] = {}
    facts: dict[tuple[tuple[str, str], ...], int] = {}
    kept = [
        _File(
            stamp=(stamp.path, stamp.size_bytes, stamp.mark),
            layout=layouts.setdefault(file.layout, len(layouts)),
            cells=len(file.cells.values),
            samples=len(file.cells.samples),
            facts=_pack_facts(file.facts, facts.setdefault(file.facts.facts, len(facts))),
        )
        for stamp, file in files.items()
    ]
    header = msgspec.json.encode(
        _Header(
            version=_version(),
            entries=[astuple(entry) for entry in entries],
            layouts=list(layouts),
            facts=list(facts),
            files=kept,
        )
    )
    header += b" " * (-(8 + len(header)) % _ALIGNMENT)
    yield len(header).to_bytes(8, "little")
    yield header
    checksum = 0
    for name in _VECTORS:
        vector = _join(files, name)
        checksum = zlib.crc32(vector, checksum)
        yield vector
    yield checksum.to_bytes(_CHECKSUM, "little")


def _join(files: Mapping[Stamp, ParsedFile], name: str) -> memoryview:
    """Return one vector over all *files*."""
    parts = [getattr(file.cells, name) for file in files.values()]
    return np.concatenate([np.zeros(0, _VECTORS[name]), *parts]).data


def _pack_facts(file: FileFacts, number: int) -> tuple[str, str, str, int, str, str, int, int]:
    return (
        file.path,
        file.machine,
        file.commit,
        file.date_ms,
        file.environment,
        file.environment_class,
        number,
        file.dropped_samples,
    )


def _unpack(header: _Header, body: memoryview) -> Iterator[tuple[Stamp, ParsedFile]]:
    cells = sum(entry.cells for entry in header.files)
    samples = sum(entry.samples for entry in header.files)
    vectors, start = {}, 0
    for name, kind in _VECTORS.items():
        count = samples if name == "samples" else cells
        vectors[name] = np.frombuffer(body, dtype=kind, count=count, offset=start)
        start += vectors[name].nbytes
    at_cell = at_sample = 0
    for entry in header.files:
        own = slice(at_cell, at_cell + entry.cells)
        repeats = slice(at_sample, at_sample + entry.samples)
        at_cell, at_sample = own.stop, repeats.stop
        path, machine, commit, date_ms, environment, environment_class, number, dropped = (
            entry.facts
        )
        file = ParsedFile(
            facts=FileFacts(
                path=path,
                machine=machine,
                commit=commit,
                date_ms=date_ms,
                environment=environment,
                environment_class=environment_class,
                facts=header.facts[number],
                dropped_samples=dropped,
            ),
            layout=header.layouts[entry.layout],
            cells=Cells(
                **{
                    name: vector[repeats if name == "samples" else own]
                    for name, vector in vectors.items()
                }
            ),
        )
        yield Stamp(*entry.stamp), file
