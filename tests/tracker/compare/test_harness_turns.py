"""The line protocol, with harnesses that answer, die, babble and hang."""

import subprocess
import sys
import time

import psutil
import pytest

from tracker.compare.harness_process import HarnessProcess
from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Label, Turn
from tracker.compare.turn_parts import divide
from tracker.model import Outcome
from tracker.model.catalogue import METRICS

ANSWER = """
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    value = {"benchmark": "s.S.track_cpu_per_kilotask", "params": [["library", asked["library"]]],
             "unit": "s", "samples": [0.3, 0.2, 0.4]}
    answer = {"id": asked["id"], "outcome": "measured", "reason": "", "values": [value],
              "facts": {"python": str(asked["python"]), "pid": os.getpid()}}
    print(json.dumps(answer), flush=True)
"""
DIE = "import sys; sys.stdin.readline(); sys.exit('out of memory')"
BABBLE = "import sys; sys.stdin.readline(); print('{}', flush=True); sys.stdin.read()"
UNKNOWN = """
import sys; sys.stdin.readline(); print('{"id": 1, "outcome": "splendid"}', flush=True)
"""
HANG = """
import signal, sys, time
print("started", file=sys.stderr, flush=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
sys.stdin.readline()
while True:
    time.sleep(0.1)  # a signal that comes just before a long sleep would be seen after it
"""


def setup(tmp_path, code: str) -> HarnessSetup:
    """A harness that is *code*."""
    return HarnessSetup(
        root=tmp_path,
        command=(sys.executable, "-c", code),
        project="asynctasq",
        pythons={Label.BASE: "/base/python", Label.HEAD: "/head/python"},
        control="celery",
        size="quick",
        describe=lambda benchmark, _unit: METRICS[benchmark.rpartition("track_")[2]],
        parts=divide("quick", 900, 1),
    )


def turn(label: Label = Label.BASE) -> Turn:
    """A turn of one scenario."""
    return Turn(label=label, scenario="s", seed=7)


def test_a_turn_is_a_line_each_way(tmp_path):
    """Readings stand for the samples of the parts; head and control ask for their own library."""
    with HarnessMeasurer(setup(tmp_path, ANSWER)) as measurer:
        base = measurer.measure(turn())
        head = measurer.measure(turn(Label.HEAD))
        control = measurer.measure(turn(Label.CONTROL_HEAD))
    assert base.outcome is Outcome.MEASURED
    (reading,) = base.readings
    assert reading.value == 0.2
    assert reading.samples == (0.3, 0.2, 0.4)
    assert (base.facts["python"], head.facts["python"]) == ("/base/python", "/head/python")
    assert control.readings[0].library == "celery"
    assert control.readings[0].key.params == (("library", "celery"),)
    assert not psutil.pid_exists(int(base.facts["pid"]))


@pytest.mark.parametrize(
    ("code", "words"),
    [(DIE, "out of memory"), (BABBLE, "another request"), (UNKNOWN, "splendid")],
    ids=["dies", "babbles", "unknown outcome"],
)
def test_what_goes_wrong_is_in_the_answer(tmp_path, code, words):
    """Its last words, or what was wrong with its line; the next turn starts it again."""
    with HarnessMeasurer(setup(tmp_path, code)) as measurer:
        answer = measurer.measure(turn())
        assert answer.outcome is Outcome.FAILED
        assert words in answer.reason
        assert measurer.measure(turn()).outcome is Outcome.FAILED


def test_a_harness_in_the_middle_of_a_turn_is_ended_at_once(tmp_path, monkeypatch):
    """Ctrl-C during a turn: by a signal, without waiting for the turn's end."""
    measurer = HarnessMeasurer(setup(tmp_path, HANG))
    started: list[subprocess.Popen[str]] = []

    def interrupted(*_: object) -> None:
        process = measurer._harness._running()
        started.append(process)
        while not measurer._harness._last_words():
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(HarnessProcess, "_ask", interrupted)
    began_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt), measurer:
        measurer.measure(turn())
    assert started[0].returncode is not None
    assert time.monotonic() - began_s < 10
