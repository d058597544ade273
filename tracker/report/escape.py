"""Foreign text made harmless for GitHub's Markdown.

Names, reasons and facts may come from a stranger's pull request. They are only ever shown as
code: neither Markdown nor GitHub's own links (mentions, issue and commit references, addresses)
are looked for inside code.
"""

import re
import unicodedata
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_.,:;=/+%()\[\]{}' -]+")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_WIDER = 20
# Control, format (bidi overrides, zero width), surrogate, private, unassigned, line separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str, limit: int = 160) -> str:
    """Return *text* as one line of visible characters, at most *limit* of them.

    >>> clean(" a  b" + chr(0x202E) + "c")
    'a b�c'
    """
    spaced = " ".join(text[: limit * 8].split())
    visible = "".join("�" if unicodedata.category(c) in _INVISIBLE else c for c in spaced)
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def clean_reason(text: str, limit: int = 240) -> str:
    """Return *text* like `clean`, shortened in its middle: a cause stands at the end."""
    return shorten(clean(text, len(text)), limit)


def shorten(text: str, limit: int) -> str:
    """Return *text*; when it is too long, its beginning and, twice as much of it, its end.

    >>> shorten("the build failed: noise noise noise: no such file", 32)
    'the build … noise: no such file'
    """
    if len(text) <= limit:
        return text
    first = (limit - 3) // 3
    return f"{text[:first].rstrip()} … {text[first + 3 - limit :].lstrip()}"


def shorten_apart(texts: Sequence[str], limit: int) -> list[str]:
    """Return *texts*, each shortened, to more than *limit* where different ones would be alike.

    >>> shorten_apart(["time_x on the gpu, n=1", "time_x on the cpu, n=1"], 12)
    ['time_x on the gpu, n=1', 'time_x on the cpu, n=1']
    """
    longest, wanted = max(map(len, texts), default=0), len(set(texts))
    while limit < longest:
        short = [shorten(text, limit) for text in texts]
        if len(set(short)) == wanted:
            return short
        limit += _WIDER
    return list(texts)


def code(text: str, limit: int = 160) -> str:
    """Return *text* as inline code, safe in a table cell, a list, a heading and `<summary>`.

    >>> code("a.b[c=1]"), code("a|b"), code("")
    ('`a.b[c=1]`', '<code>a&#124;b</code>', '<code>(empty)</code>')
    """
    shown = clean(text, limit)
    if not shown:
        return "<code>(empty)</code>"
    if _PLAIN.fullmatch(shown):
        return f"`{shown}`"
    escaped = _PUNCTUATION.sub(lambda match: f"&#{ord(match.group())};", shown)
    return f"<code>{escaped}</code>"


def terminal(text: str, limit: int = 400) -> str:
    """Return *text* for a job's log, after a prefix: one line that no runner takes for a command.

    >>> terminal("a ##[group]b")
    'a ## [group]b'
    """
    return clean(text, limit).replace("##[", "## [")
