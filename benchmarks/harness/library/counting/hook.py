"""Counts in this process what the harness asks for; started by `entry/sitecustomize.py`."""

import os

from benchmarks.harness.library.counting import allocations, functions, tracing
from benchmarks.harness.shared.count_files import (
    FOLDER_VARIABLE,
    FUNCTIONS,
    WHAT_VARIABLE,
    CountFile,
    say_absent,
)


def start() -> None:
    """Begin, when the environment says so; what prevents it is left for the harness to read."""
    if tracer := os.environ.get(tracing.TRACER_VARIABLE):
        tracing.allow(int(tracer))
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return
    begin = functions.begin if os.environ.get(WHAT_VARIABLE) == FUNCTIONS else allocations.begin
    try:
        begin(CountFile(folder))
    except (OSError, RuntimeError, AttributeError, ImportError) as error:
        say_absent(folder, str(error))
