"""The files of an import: given by name, found in folders, packed, or from standard input."""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tracker.exchange.formats.document import Document, Json, read_document
from tracker.exchange.measurement import UnreadableFileError

STDIN = Path("-")
_ENDINGS = (".json", ".json.gz", ".jsonl", ".ndjson")
_SCRIPT = b"BENCHMARK_DATA"
_HEAD_BYTES = 200
# What criterion writes into the folder of each benchmark; the first is never missing.
_CRITERION = ("estimates", "sample", "benchmark")
_NEWEST, _CHANGE = "new", "change"
_COMMIT_IN_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")


def list_sources(given: Path) -> Iterator[Path]:
    """Give *given* itself, or the files below it that may be results, in the order of names.

    criterion keeps the run before beside the newest one: then the newest alone is given.
    """
    if given == STDIN or not given.is_dir():
        yield given
        return
    for folder, folders, files in os.walk(given):
        folders[:] = sorted(name for name in folders if name != ".git")
        if "estimates.json" in files:
            if _is_newest(Path(folder)):
                yield Path(folder, "estimates.json")
            continue
        paths = (Path(folder, name) for name in sorted(files))
        yield from (path for path in paths if path.is_file() and _may_hold(path))


def read_source(path: Path) -> Document:
    """Read and parse one file, and what belongs to it; raises UnreadableFileError."""
    try:
        if path == STDIN:
            return read_document("standard input", sys.stdin.buffer.read())
        document = read_document(str(path), path.read_bytes())
        if path.stem not in _CRITERION or not isinstance(document.content, dict | list):
            return document
        return _join_criterion(path, document)
    except OSError as error:
        raise UnreadableFileError(error.strerror or str(error)) from error


def commit_in_name(path: Path) -> str:
    """Return the full commit id in the name of a file, as pytest-benchmark saves it; else ""."""
    match = _COMMIT_IN_NAME.search(path.name)
    return match[0] if match else ""


def _is_newest(folder: Path) -> bool:
    """Say whether a folder of criterion's has the newest run, or the only one."""
    if folder.name == _NEWEST:
        return True
    return folder.name != _CHANGE and not (folder.parent / _NEWEST).is_dir()


def _may_hold(path: Path) -> bool:
    """Say whether a file of a folder may hold results: JSON, or a script that sets them."""
    if path.suffix != ".js":
        return path.name.endswith(_ENDINGS)
    try:
        with path.open("rb") as file:
            return _SCRIPT in file.read(_HEAD_BYTES).replace(b"\0", b"")
    except OSError:
        return True  # reading it says what is wrong


def _join_criterion(path: Path, document: Document) -> Document:
    """Return the folder of *path* as one document, where it is one of criterion's."""
    if not (path.parent / "estimates.json").is_file():
        return document
    content: Json = {}
    for name in _CRITERION:
        part = path.with_name(f"{name}.json")
        if part.is_file():
            content[name] = read_document(part.name, part.read_bytes()).content
    benchmark = path.absolute().parent.parent
    above = (benchmark.parent.name, benchmark.name)
    title = "/".join(name for name in above if name not in {"", "criterion"})
    return replace(document, content=content, source=json.dumps(None), title=title)
