"""How what we start ends with us, however we end: both ends of that."""

import ctypes
import signal
import subprocess
import sys
from contextlib import suppress

# How long asv, the harness and all under them may take to stop their workers and servers.
STOP_WITHIN_S = 30.0

_PR_SET_PDEATHSIG = 1


def end(process: subprocess.Popen[str], first: signal.Signals) -> None:
    """End *process* by the signal on which it cleans up after itself, by force only in need."""
    for stop in (first, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(stop)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_WITHIN_S)


def heed_sigint() -> None:
    """Let SIGINT end this process, also where a shell in the background has it ignored.

    On Linux it comes by itself when the process that started us has been killed.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
