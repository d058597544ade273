"""Start every server that the named libraries need, once: whether measuring can begin at all.

python -m benchmarks.harness.lab.run.servers asynctasq procrastinate
"""

import sys

from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.station.opened_station import broker_for
from benchmarks.harness.shared.command import run
from benchmarks.harness.shared.registry import import_adapter


def main() -> int:
    """Start and stop each; what is missing is the error's text."""
    with Keeper() as keeper:
        for kind in {import_adapter(name).broker for name in sys.argv[1:]}:
            with broker_for(kind, keeper):
                pass
    return 0


if __name__ == "__main__":
    run(main)
