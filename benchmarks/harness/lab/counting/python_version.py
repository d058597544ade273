"""The version of another interpreter: what is counted depends on it."""

import functools
import subprocess
from pathlib import Path


@functools.cache
def python_version(python: Path) -> str:
    """Implementation and version, such as "CPython 3.13.0"; empty when it does not say."""
    code = "import platform as p; print(p.python_implementation(), p.python_version())"
    answer = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
