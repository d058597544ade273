"""A machine on which something else runs, too. Standard library only."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

# It ends with its parent, however that ended.
_WORK = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(1_000_000))"
LOOP = (sys.executable, "-c", _WORK)


@contextmanager
def busy_cores() -> Iterator[None]:
    """An endless loop for every core, as long as the block."""
    with ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            process = stack.enter_context(subprocess.Popen(LOOP))
            stack.callback(process.kill)
        yield
