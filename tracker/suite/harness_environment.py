"""Our harness's own environment, and the servers that it needs; asked in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.errors import DataError, ServerError, TrackerError
from tracker.suite.scenarios import Suite
from tracker.system.child_processes import end

FIND_HARNESS = ("-m", "benchmarks.harness.shared.environments", "harness")
START_SERVERS = ("-m", "benchmarks.harness.lab.run.servers")
# How the harness's commands begin their last two lines when the user can mend what is wrong.
SAYS, ADVISES = "harness: ", "\nharness: try: "


def harness_variables(root: Path) -> dict[str, str]:
    """Our variables and the harness's: where the suite is, and the uv that was installed with us.

    A `tracker` that is called by its path has its own folder not on PATH.
    """
    beside = Path(sys.executable).with_name("uv")
    own = {"UV": str(beside)} if beside.exists() else {}
    return {**own, **os.environ, "ASV_CONF_DIR": str(root)}


def find_harness(root: Path) -> str:
    """The interpreter of the harness's environment, which is built when there is none yet.

    Raises:
        DataError: it cannot be built.
    """
    return ask_harness([sys.executable, *FIND_HARNESS], root, DataError).splitlines()[-1]


def ready_harness(suite: Suite, libraries: Iterable[str]) -> None:
    """Build the harness's environment, and start every server that *libraries* need once.

    What is missing is so told before anything else is done, and once instead of in every cell.

    Raises:
        ServerError: a server does not exist for this platform, its port is taken, or it is silent.
        DataError: the harness cannot be used at all.
    """
    known = [name for name in libraries if name in suite.libraries]
    ask_harness([find_harness(suite.root), *START_SERVERS, *known], suite.root, ServerError)


def ask_harness(command: Sequence[str], root: Path, kind: type[TrackerError]) -> str:
    """What *command* prints in the folder *root* of the suite, without white space around it.

    Raises:
        TrackerError: of this *kind* for what the harness refuses, in its words; else a DataError.
    """
    with subprocess.Popen(
        command,
        cwd=root,
        env=harness_variables(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            answer, errors = process.communicate()
        finally:  # killed, as by `subprocess.run`, it would leave what it has started
            end(process, signal.SIGTERM)
    if not process.returncode:
        return answer.strip()
    said, advised, step = errors.strip().rpartition(ADVISES)
    if advised:
        raise kind(said.rpartition(SAYS)[2], step)
    why = (errors.strip() or "no output").splitlines()[-1]
    raise DataError(f"the harness cannot be used: {why}", "run `make setup`")
