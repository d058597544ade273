"""The harness's own environment, in which adapters meet their real brokers."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

from benchmarks.harness.shared.environments import REPOSITORY, default_root, ensure_environment

type RunHarness = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session")
def run_harness() -> RunHarness:
    """Return a function that runs a module of the harness and gives what it printed."""
    here = Path(sys.executable)
    os.environ.setdefault("UV", str(here.parent / "uv"))
    python = ensure_environment("harness", root=default_root(), base_python=here)

    def call(module: str, *arguments: str) -> CompletedProcess[str]:
        command = [str(python), "-m", module, *arguments]
        return run(
            command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=280
        )

    return call
