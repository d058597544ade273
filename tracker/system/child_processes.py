"""How what we start ends with us, however we end: both ends of that."""

import ctypes
import signal
import subprocess
import sys
from contextlib import suppress
from types import FrameType

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


def heed_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP interrupt this process, once: cleaning up is not interrupted.

    A whole process group may be told to end (`timeout`, a terminal that closes), and then who
    started us tells us, too. SIGINT counts also where a shell in the background has it ignored; on
    Linux it comes by itself when the process that started us has been killed.
    """
    asked = (signal.SIGTERM, signal.SIGHUP)
    heeded = [signal.SIGINT, *(one for one in asked if signal.getsignal(one) != signal.SIG_IGN)]

    def interrupt(number: int, _: FrameType | None) -> None:
        for each in heeded:
            signal.signal(each, lambda *_: None)  # unlike SIG_IGN not handed down to what we start
        raise KeyboardInterrupt(signal.Signals(number).name)

    for each in heeded:
        signal.signal(each, interrupt)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
