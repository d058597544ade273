"""Our harness's own environment, and the servers that it needs; asked in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tracker.errors import DataError, ServerError
from tracker.measure.scenarios import Suite

FIND_HARNESS = """
import sys
from pathlib import Path
from benchmarks.harness.environments import HARNESS, default_root, ensure_environment
print(ensure_environment(HARNESS, root=default_root(), base_python=Path(sys.executable)))
"""
START_SERVERS = """
import sys
from benchmarks.harness.errors import HarnessError
from benchmarks.harness.lab.live import broker_for
from benchmarks.harness.lab.processes import Keeper
from benchmarks.harness.registry import load_adapter
try:
    with Keeper() as keeper:
        for kind in {load_adapter(name).broker for name in sys.argv[1:]}:
            with broker_for(kind, keeper):
                pass
except HarnessError as error:
    print(error.message, error.next_step, sep="\\n")
"""


def find_harness(root: Path) -> str:
    """The interpreter of the harness's environment, which is built when there is none yet.

    Raises:
        DataError: it cannot be built.
    """
    return _ask(sys.executable, FIND_HARNESS, root)[-1]


def ready_harness(suite: Suite, libraries: Iterable[str]) -> None:
    """Build the harness's environment, and start every server that *libraries* need once.

    What is missing is so told before anything else is done, and once instead of in every cell.

    Raises:
        ServerError: a server does not exist for this platform, its port is taken, or it is silent.
        DataError: the harness cannot be used at all.
    """
    python = find_harness(suite.root)
    known = [name for name in libraries if name in suite.libraries]
    if missing := _ask(python, START_SERVERS, suite.root, *known):
        raise ServerError(missing[0], missing[-1])


def _ask(python: str, code: str, root: Path, *arguments: str) -> list[str]:
    """The lines that *code* prints in the folder of the suite."""
    done = subprocess.run(
        [python, "-c", code, *arguments],
        cwd=root,
        env={**os.environ, "ASV_CONF_DIR": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip() or "no output").splitlines()[-1]
        raise DataError(f"the harness cannot be used: {why}", "run `make setup`")
    return done.stdout.strip().splitlines()
