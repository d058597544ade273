"""Names that asv, file systems and pages can live with, each made of one name and of no other."""

import hashlib
import re

_UNSAFE = re.compile(r'[<>:"/\\^|?*\x00-\x1f]')
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# asv names a file after each benchmark; longer names than 255 bytes no file system takes.
_LONGEST_BYTES = 200
_RESERVED = "version"  # benchmarks.json keeps its own format under this name
_LONGEST_MACHINE = 100
_SQUARE = str.maketrans("()", "[]")


def benchmark_name(raw: str) -> str:
    """Return the name under which asv and all that read its results can keep *raw*.

    Control characters are spelt out, what is too long is cut, with a digest; round brackets
    become square: asv takes what follows the first of them for parameters.

    >>> benchmark_name("fib(10)"), benchmark_name("version")
    ('fib[10]', 'version [benchmark]')
    """
    name = printable(raw).translate(_SQUARE)
    if name == _RESERVED:
        return f"{name} [benchmark]"
    content = name.encode()
    if len(content) <= _LONGEST_BYTES:
        return name
    return f"{content[: _LONGEST_BYTES - 11].decode(errors='ignore')}~{_digest(raw)}"


def other_name(raw: str) -> str:
    """Return another name for *raw*, where a benchmark with the same one is there already."""
    return benchmark_name(f"{benchmark_name(raw)} ~{_digest(raw)}")


def printable(raw: str) -> str:
    """Return *raw* in full, with control characters spelt out."""
    return _UNPRINTABLE.sub(_spell, raw).strip() or "(no name)"


def machine_name(raw: str) -> str:
    """Return *raw* as the name of a folder; "unknown" where nothing is left of it."""
    return _UNSAFE.sub("_", _UNPRINTABLE.sub("", raw)).strip(" .")[:_LONGEST_MACHINE] or "unknown"


def environment_name(tool: str, python: str) -> str:
    """Return asv's name of an environment: the tool and the interpreter.

    >>> environment_name("pyperf", "3.13"), environment_name("hyperfine", "")
    ('pyperf-py3.13', 'hyperfine')
    >>> len(environment_name("pyperf", "3" * 999))  # a file is named after it
    120
    """
    if not python:
        return tool
    spelt = _UNSAFE.sub("_", python)
    if len(spelt.encode()) > _LONGEST_MACHINE:
        spelt = f"{spelt.encode()[:_LONGEST_MACHINE].decode(errors='ignore')}~{_digest(python)}"
    return f"{tool}-py{spelt}" if python[0].isdigit() else f"{tool}-{spelt}"


def _spell(character: re.Match[str]) -> str:
    return character[0].encode("unicode_escape").decode()


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:10]
