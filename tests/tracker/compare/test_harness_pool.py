"""Several harnesses side by side, with a command that is nothing but slow."""

import sys
from contextlib import suppress
from pathlib import Path

from tracker.compare.harness_pool import harness_pool

# Says that it was started, and answers after a while.
SLOW = """
import json, pathlib, sys, time
with pathlib.Path("started").open("a") as file:
    file.write("x")
for line in sys.stdin:
    time.sleep(float(json.loads(line)["takes_s"]))
    print(json.dumps({"id": json.loads(line)["id"]}), flush=True)
"""


def test_nothing_that_waits_is_begun_once_it_is_interrupted(tmp_path: Path):
    """Two are asked ten times; the first answer interrupts, and none is started again for the rest.

    Found as `tracker compare` went on counting after SIGTERM, with fresh harnesses.
    """
    requests = [{"takes_s": 0.2}, *({"takes_s": 60.0} for _ in range(9))]
    command = (sys.executable, "-c", SLOW)
    with suppress(KeyboardInterrupt), harness_pool(command, tmp_path, 2) as pool:
        next(pool.ask(requests))
        raise KeyboardInterrupt
    assert (tmp_path / "started").read_text(encoding="utf-8") == "xx"
