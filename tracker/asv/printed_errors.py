"""The errors among all that asv, pip, uv and the tools they call have printed.

The last lines seldom say why: each caller adds that something failed, a compiler goes on with
warnings after its first error, and meson lists every program that it has tried.
"""

import re
from collections.abc import Iterable

_FIRST_ERRORS = 2  # later ones mostly follow from them
# What uv draws around its messages, and pip around those of others.
_FRAME = re.compile(r"^\s*[\u00d7│├╭╰─▶>]+\s?")
# An error of a compiler or installer ("x.c:2:5: error: ...", "ERROR: ..."), or an exception.
_ERROR = re.compile(
    r"(?:^|[\s:])(?i:(?:fatal )?error)(?:\[\w+\])?:\s*\S"
    r"|^(?:\w+\.)*(?:[A-Z]\w*)?(?:Error|Exception):\s*\S"
)
# What callers say of an error that another program has told of.
_PASSED_ON = re.compile(
    r"subprocess-exited-with-error|metadata-generation-failed|Failed to build|Failed building"
    r"|returned non-zero exit status|failed with exit (?:code|status)|Command '?\["
    r"|ERROR: Exception:$"
)


def find_reason(printed: Iterable[str], last_lines: int) -> str:
    """Return the lines of *printed* that tell why: errors, else the last so many; "" for none.

    Of many errors the first two and the last, which is what became of them.
    """
    lines = [line for line in (_FRAME.sub("", line).strip() for line in printed) if line]
    found = [line for line in lines if _ERROR.search(line) and not _PASSED_ON.search(line)]
    errors = list(dict.fromkeys(found))
    told = errors[:_FIRST_ERRORS] + errors[_FIRST_ERRORS:][-1:]
    return "\n".join(told or lines[-last_lines:])


def tell_in_a_line(printed: Iterable[str]) -> str:
    """Return the same for a sentence; "no output" for none."""
    return find_reason(printed, last_lines=1).replace("\n", "; ") or "no output"
