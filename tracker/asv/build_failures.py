"""Why a build failed, from all that was printed."""

from asv import util

from tracker.asv.printed_errors import find_reason

_LAST_LINES = 12


def build_reason(error: BaseException) -> str:
    """Return the lines of its output that tell why a build failed: errors, else the last lines."""
    text = str(error)
    if isinstance(error, util.ProcessError):
        text = f"{error.stderr}\n{error.stdout}" if error.stdout else str(error.stderr)
    return find_reason(text.splitlines(), _LAST_LINES) or type(error).__name__
