"""Our end of the producer's pipe: what is an answer, and what a library happened to print."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness.lab.processes.processes import Process
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.producer_link import ProducerLink

PRINTS = b"""hello
123
null
"done"
[1]
{"id": "1"}
{"level": "info"}
{"versions": {"lib": "1.0"}}
{"level": "info"}
"""


PRODUCER = f"""
import sys
sys.stdout.buffer.write({PRINTS!r})
sys.stdout.flush()
sys.stdin.readline()
print('{{"id": 1, "sent": 5, "cpu_s": 0.25}}', 7, sep="\\n", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def link(tmp_path: Path):
    """A producer that prints this and that, and then that its first order was carried out."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", PRODUCER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as popen:
        yield ProducerLink(Process(popen, "the producer", tmp_path / "log"))
        popen.communicate()


def test_what_a_library_prints_is_no_answer(link: ProducerLink):
    """Lines that are JSON by chance neither connect, nor end an order, nor break anything."""
    link.wait_connected(5, SystemClock())
    assert link.versions == {"lib": "1.0"}

    link.order(tasks=5)
    while link.busy():
        SystemClock().sleep(0.005)
    SystemClock().sleep(0.05)
    assert not link.busy()
    assert link.sending_cpu_s == 0.25
