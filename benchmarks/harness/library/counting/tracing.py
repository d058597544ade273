"""Lets the harness look into this process, where the system lets only its parents do that.

With Yama's `ptrace_scope` 1, the default of many distributions, a process reads the memory of its
descendants only, and the profiler is a sibling of the workers. Each of them may name an exception:
a process that it trusts, with all its descendants (prctl(2), PR_SET_PTRACER).
"""

import ctypes
import os
import sys
from functools import partial

TRACER_VARIABLE = "SAMPLED_BY"
"""The process that may look: the harness, whose child the profiler is."""

_PR_SET_PTRACER = 0x59616D61


def allow(pid: int) -> None:
    """Trust *pid* and what it starts, in this process and its forks; elsewhere it does nothing."""
    if sys.platform == "linux":
        trust = partial(ctypes.CDLL(None).prctl, _PR_SET_PTRACER, ctypes.c_ulong(pid))
        trust()
        os.register_at_fork(after_in_child=trust)
