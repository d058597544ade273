"""How the commands of the harness begin, speak and end. Standard library only."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from benchmarks.harness.shared.errors import HarnessError

INTERRUPTED = 128 + signal.SIGINT


def run(main: Callable[[], int]) -> NoReturn:
    """Run *main* and leave with its exit code; what the user can mend is two lines on the way out.

    SIGTERM and SIGHUP unwind the stack as Ctrl-C does, so that everything is cleaned up.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        sys.exit(main())
    except HarnessError as error:
        say(f"harness: {error.message}\nharness: try: {error.next_step}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has left; the interpreter would flush again
        os._exit(0)


def at_least(least: int) -> Callable[[str], int]:
    """Return the type of an option that is a whole number of *least* or more."""

    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of {least} or more")
        return int(text)

    return parse


def command_line(module: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser for `python -m` *module*, whose help shows *description* line by line."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def say(text: str) -> None:
    """Write a line to standard error, where progress and errors go, at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
