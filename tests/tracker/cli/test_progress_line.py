"""The line of progress: redrawn on a terminal, plain lines elsewhere."""

import os
import pty
import subprocess
import sys

CODE = """
from tracker.cli.progress_line import progress_line
with progress_line(quiet={quiet}) as line:
    line.show("commit 1 of 2, v1: scenario", 0.5)
    line.write("commit 1 of 2, v1: scenario measured")
    line.tell("scenario round 3")
"""


def on_a_terminal(code: str) -> str:
    """What a terminal gets to see on standard error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=theirs, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    process.wait(30)
    text = b""
    try:
        while part := os.read(ours, 10_000):
            text += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    return text.decode()


def elsewhere(code: str) -> str:
    """What a file or a pipe gets."""
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stderr


def test_without_a_terminal_there_are_plain_lines():
    """Only what ended, and what is told: no bars and no control characters in a log."""
    assert elsewhere(CODE.format(quiet=False)).splitlines() == [
        "commit 1 of 2, v1: scenario measured",
        "scenario round 3",
    ]


def test_a_terminal_gets_a_line_that_is_redrawn():
    """It is drawn over what it showed before; what ended stays above it."""
    shown = on_a_terminal(CODE.format(quiet=False))
    assert "\x1b[" in shown
    assert "measured\r\n" in shown


def test_quiet_is_silent():
    """Nothing is shown anywhere."""
    assert elsewhere(CODE.format(quiet=True)) == ""
    assert on_a_terminal(CODE.format(quiet=True)) == ""
