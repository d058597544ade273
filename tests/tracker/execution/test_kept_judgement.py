"""A kept judgement: the same with any memory and none, forgotten when anything differs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.signals import history, noisy, series
from tracker.execution.kept_judgement import recall_or_judge
from tracker.judge import judge
from tracker.model import Environment, History, JudgedHistory
from tracker.site_data.build import plan_site


def make_history() -> History:
    """Two series with a step, one without, and a machine whose kernel changes."""
    members = [series(noisy(120, i, steps={60: 1.0 if i == 2 else 1.3}), f"b{i}") for i in range(3)]
    key = members[0].key
    places = [
        Environment(
            machine=key.machine, environment=key.environment, position=i,
            facts=(("kernel", "5" if i < 60 else "6"),),
        )
        for i in range(120)
    ]  # fmt: skip
    return replace(history(*members), environments=tuple(places))


def ask(folder: Path, of: History) -> tuple[JudgedHistory, bool]:
    """The judgement of a history, and whether it had to be worked out."""
    asked = []

    def work() -> JudgedHistory:
        asked.append(of)
        return judge(of)

    return recall_or_judge(folder, "subject", of, work), bool(asked)


def test_a_history_is_judged_once(tmp_path: Path):
    """The second call works nothing out, and the site of what it says has the same bytes."""
    first, worked = ask(tmp_path, make_history())
    second, again = ask(tmp_path, make_history())

    assert (worked, again) == (True, False)
    assert repr(second.events) == repr(first.events)  # NaN and all
    assert len(second.events) >= 1
    assert repr([one.changes for one in second.series]) == repr([o.changes for o in first.series])
    plans = [plan_site(one) for one in (first, second)]
    assert plans[0].index_path == plans[1].index_path
    files = [[(one.path, one.make()) for one in plan.files] for plan in plans]
    assert files[0] == files[1]


def changed_value(of: History) -> History:
    """The same history with one value a thousandth larger."""
    values = of.series[2].values.copy()
    values[7] *= 1.001
    return replace(of, series=(*of.series[:2], replace(of.series[2], values=values)))


def changed_floor(of: History) -> History:
    """The same history with a setting that says what matters in one series."""
    metric = replace(of.series[0].metric, floor=0.5)
    return replace(of, series=(replace(of.series[0], metric=metric), *of.series[1:]))


def changed_loops(of: History) -> History:
    """The same history in which one series says how asv called its code."""
    loops = np.full(120, 10, dtype=np.int32)
    return replace(of, series=(replace(of.series[0], loops=loops), *of.series[1:]))


def changed_environment(of: History) -> History:
    """The same history in which the kernel never changes."""
    same = tuple(replace(one, facts=(("kernel", "5"),)) for one in of.environments)
    return replace(of, environments=same)


def changed_commits(of: History) -> History:
    """The same history with a commit more, which nobody measured."""
    return replace(of, commits=(*of.commits, replace(of.commits[-1], sha="f" * 40)))


@pytest.mark.parametrize(
    "change",
    [changed_value, changed_floor, changed_loops, changed_environment, changed_commits],
)
def test_whatever_is_judged_otherwise_is_judged_anew(tmp_path: Path, change):
    """A judgement of something else is never taken for that of this history."""
    ask(tmp_path, make_history())

    said, worked = ask(tmp_path, change(make_history()))

    assert worked
    assert repr(said.events) == repr(judge(change(make_history())).events)


def test_another_version_of_numpy_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its statistics may differ in the last digit."""
    ask(tmp_path, make_history())
    monkeypatch.setattr(np, "__version__", "0")

    assert ask(tmp_path, make_history())[1]


def test_other_code_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What other code said is not taken for what this code says."""
    ask(tmp_path, make_history())
    monkeypatch.setattr("tracker.execution.kept_judgement._code", lambda: b"other")

    assert ask(tmp_path, make_history())[1]


@pytest.mark.parametrize("kept", [0, 7, 16, 100])
@pytest.mark.parametrize("content", [b"", b"\x00", b"\xc1", b"\x94\x90\x90\xc0\x90"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, kept: int, content: bytes):
    """Whatever the file holds, the judgement is right, and is kept again."""
    ask(tmp_path, make_history())
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:kept] + content)

    assert ask(tmp_path, make_history())[1]
    assert not ask(tmp_path, make_history())[1]
