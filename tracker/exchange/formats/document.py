"""A file before its format is known: decoded, and the loose values of other tools' JSON."""

import json
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tracker.exchange.measurement import UnreadableFileError

type Json = dict[str, Any]

_GZIP = b"\x1f\x8b"
_LARGEST = 2 * 2**30  # bytes; a small archive may unpack to anything
# `window.BENCHMARK_DATA = {`, and what else a script may say before its data.
_ASSIGNMENT = re.compile(r"\s*[A-Za-z_$][\w$.\[\]'\" ]{0,80}=(?=\s*[{\[])")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_END_OF_DATES_MS = 253_402_300_800_000  # the year 10,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file, or one folder of criterion's.

    Attributes:
        name: for messages.
        content: the parsed JSON; a list of documents where each line is one.
        source: the JSON's own text, "" where there are several.
        is_lines: whether each line of the file is a document.
        title: what the place of the file says of its benchmark, "" where nothing.
    """

    name: str
    content: Any
    source: str = ""
    is_lines: bool = False
    title: str = ""

    @property
    def stem(self) -> str:
        """The name of the file without folders and endings."""
        return self.name.rpartition("/")[2].partition(".")[0]

    def exact_content(self) -> Any:
        """Return the content with fractions as decimals, all their digits kept."""
        return json.loads(self.source, parse_float=Decimal) if self.source else self.content


def read_document(name: str, content: bytes) -> Document:
    """Decode and parse the file *name*; raises UnreadableFileError."""
    source = _decode(_unpack(content))
    assignment = _ASSIGNMENT.match(source)
    if assignment:
        source = source[assignment.end() :].rstrip().removesuffix(";")
    if not source.strip():
        raise UnreadableFileError("the file is empty")
    try:
        return Document(name=name, content=json.loads(source), source=source)
    except RecursionError as error:
        raise UnreadableFileError("it is nested too deeply") from error
    except ValueError as error:
        lines = _parse_lines(source)
        if lines is None:
            raise UnreadableFileError(f"it is not JSON: {error}") from error
        return Document(name=name, content=lines, is_lines=True)


def _unpack(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(content, _LARGEST)
    except zlib.error as error:
        raise UnreadableFileError(f"the archive is damaged: {error}") from error
    if unpacker.unconsumed_tail:
        raise UnreadableFileError("it unpacks to more than 2 GiB")
    if not unpacker.eof:
        raise UnreadableFileError("the archive is cut short")
    return unpacked


def _decode(content: bytes) -> str:
    """Return the text: UTF-8, or what a byte order mark or the zeros of UTF-16 say."""
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"the text is not Unicode: {error}") from error


def _parse_lines(source: str) -> list[Json] | None:
    """Return the objects among the lines of *source*; None when there are none, or one is cut.

    Lines that are no JSON at all are a program's own output, between that of the tool.
    """
    objects = []
    for line in source.splitlines():
        if not line.lstrip().startswith("{"):
            continue
        try:
            objects.append(json.loads(line))
        except (ValueError, RecursionError):
            return None
    return objects or None


def table(value: object) -> Json:
    """Return *value* as an object; {} for anything else."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> Sequence[Any]:
    """Return *value* as a list; empty for anything else."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return *value* as text; "" for what is none."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def commit_id(value: object) -> str:
    """Return *value* as a commit's id in lower case; "" for what is none."""
    sha = text(value).strip().lower()
    return sha if _COMMIT.fullmatch(sha) else ""


def number(value: object) -> float | None:
    """Return *value* as a finite number; None for anything else. Numbers may stand in quotes."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def numbers(values: object) -> tuple[float, ...]:
    """Return the finite numbers among *values*."""
    finite = (number(value) for value in listing(values) if not isinstance(value, str))
    return tuple(value for value in finite if value is not None)


def moment_ms(value: object) -> int | None:
    """Return a date as ms since 1970: ISO 8601, or a number of ms; None for anything else.

    A date without a zone counts as UTC.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if 0 <= value < _END_OF_DATES_MS else None
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$)", "", value.strip()))
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        moment = int(when.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= 0 else None


def python_name(implementation: str, version: str) -> str:
    """Return an interpreter's name without its patch release: "3.13", "pypy3.10"; "" for none."""
    release = re.match(r"\d+\.\d+", version)
    if release is None:
        return ""
    is_usual = implementation.lower() in {"", "cpython"}
    return release[0] if is_usual else f"{implementation.lower()}{release[0]}"


def facts(named: Mapping[str, object]) -> dict[str, str]:
    """Return those of *named* that say something, as text."""
    return {name: text(value) for name, value in named.items() if text(value)}
