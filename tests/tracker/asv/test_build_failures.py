"""Why a build failed: from what pip 26.3 and uv 0.13 really print, shortened."""

import pytest
from asv import util

from tracker.asv.build_failures import build_reason

COMPILER = """
  error: subprocess-exited-with-error
  \u00d7 Building wheel for c (pyproject.toml) did not run successfully.
  │ exit code: 1
  ╰─> [33 lines of output]
      gcc -Wall -fPIC -c c.c -o build/c.o
      c.c: In function 'f':
      c.c:2:15: error: 'retrun' undeclared (first use in this function)
          2 | int f(void) { retrun 1; }
      c.c:2:21: error: expected ';' before numeric constant
      c.c:3:22: error: 'nothing' undeclared (first use in this function)
      c.c:4:22: error: 'more' undeclared (first use in this function)
      c.c:3:31: warning: control reaches end of non-void function [-Wreturn-type]
      error: Command '['gcc', '-Wall', '-fPIC', '-c', 'c.c']' returned non-zero exit status 1.
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
  ERROR: Failed building wheel for c
ERROR: Failed to build one or more wheels
"""
MYPYC = """
Building wheel...
Traceback (most recent call last):
  File "hatch_mypyc/plugin.py", line 338, in initialize
    raise Exception(f'Error while invoking Mypyc:\\n{process.stdout}')
Exception: Error while invoking Mypyc:
src/psygnal/_dataclass_utils.py:170: error: Incompatible types in "yield"  [misc]

error: Failed to build `/tmp/psy`
  cause: The build backend returned an error
  cause: Call to `hatchling.build.build_wheel` failed (exit status: 1)

hint: Build failures usually indicate a problem with the package or the build environment
"""
MESON = """
../meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang']]
The following exception(s) were encountered:
Running `gfortran --version` gave "[Errno 2] No such file or directory: 'gfortran'"
Running `flang --version` gave "[Errno 2] No such file or directory: 'flang'"

A full log can be found at meson-logs/meson-log.txt
error: Failed to build `/tmp/m`
  cause: The build backend returned an error
"""
PIP = """
ERROR: Exception:
Traceback (most recent call last):
    raise suffixed_err(src, pos, "Expected ']' at the end of a table declaration")
tomllib.TOMLDecodeError: Expected ']' at the end of a table declaration (at line 1, column 9)
"""
UV = """
error: Failed to build `/tmp/s`
  cause: Invalid `pyproject.toml`
  cause: TOML parse error at line 1, column 9
           |
         1 | [project
           |         ^
         unclosed table, expected `]`
"""


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            COMPILER,
            [
                "c.c:2:15: error: 'retrun' undeclared (first use in this function)",
                "c.c:2:21: error: expected ';' before numeric constant",
                "c.c:4:22: error: 'more' undeclared (first use in this function)",
            ],
        ),
        (
            MYPYC,
            [
                "Exception: Error while invoking Mypyc:",
                'src/psygnal/_dataclass_utils.py:170: error: Incompatible types in "yield"  [misc]',
            ],
        ),
        (MESON, ["../meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang']]"]),
        (PIP, PIP.splitlines()[-1:]),
    ],
)
def test_the_reason_is_the_error_and_not_what_callers_add(output: str, reason: list[str]) -> None:
    """Compilers, backends and installers each tell of a failure; the first to know says why."""
    for error in (
        util.ProcessError("build", 1, "", output),
        util.ProcessError("build", 1, output, "Building wheel..."),
    ):
        assert build_reason(error).splitlines() == reason


def test_without_any_error_of_another_program_the_last_lines_are_the_reason() -> None:
    """What uv itself cannot read or resolve it tells at the end, over several lines."""
    reason = build_reason(util.ProcessError("build", 1, "", UV))
    assert "cause: TOML parse error at line 1, column 9" in reason
    assert reason.endswith("unclosed table, expected `]`")


def test_an_error_without_words_is_named() -> None:
    """There is always something to show."""
    assert build_reason(util.UserError("")) == "UserError"
