"""Kept answers: asked once, the same with any memory and none, forgotten when anything differs."""

from pathlib import Path

import numpy as np
import pytest

from tracker.execution.kept_results import Answers
from tracker.judge import SeriesTask, judge_series

SIZE = 500
RNG_SEED = 5


def make_task(size: int, *, step_at: int = 300) -> SeriesTask:
    """A series with a step of 20 % and noise of 1 %, the same at every length."""
    noise = np.random.default_rng(RNG_SEED).normal(0, 0.01, 2 * SIZE)[:size]
    values = np.exp(noise) * np.where(np.arange(size) < step_at, 1.0, 1.2)
    offsets = np.zeros(size + 1, dtype=np.int64)
    return SeriesTask(values=values, samples=np.zeros(0), offsets=offsets)


def ask(folder: Path, *tasks: SeriesTask) -> tuple[list, list]:
    """The answers to *tasks*, and how long each was that had to be worked out."""
    asked = []

    def mapper(function, items):
        asked.extend(len(task.values) for task in items)
        return function(items)

    answers = Answers(folder, "subject")
    found = answers.remember(mapper)(tasks)
    answers.store()
    return found, asked


def test_a_series_is_judged_once(tmp_path: Path):
    """The second call works nothing out and says the same."""
    task = make_task(SIZE)

    first, worked = ask(tmp_path, task)
    second, again = ask(tmp_path, task)

    assert (worked, again) == ([SIZE], [])
    assert first == second == judge_series([task])


@pytest.mark.parametrize("size", [61, SIZE + 1])
def test_what_was_judged_before_never_changes_an_answer(tmp_path: Path, size: int):
    """A longer series is judged as a whole: as with an empty memory, to the bit."""
    ask(tmp_path, make_task(size - 1, step_at=30))

    found, worked = ask(tmp_path, make_task(size, step_at=30))

    assert worked == [size]
    assert found == judge_series([make_task(size, step_at=30)])


def test_a_series_that_changed_in_the_middle_is_judged_anew(tmp_path: Path):
    """A value that was corrected is not a longer series."""
    ask(tmp_path, make_task(SIZE))
    task = make_task(SIZE + 1)
    task.values[7] *= 1.001

    _, worked = ask(tmp_path, task)

    assert worked == [SIZE + 1]


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xc1", b"\x82\xa5sizes\x90"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: bytes):
    """Whatever the file holds, the answer is right and kept again."""
    task = make_task(60, step_at=30)
    ask(tmp_path, task)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)

    found, worked = ask(tmp_path, task)

    assert (found, worked) == (judge_series([task]), [60])
    assert ask(tmp_path, task)[1] == []


def test_another_method_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Answers of other code are not taken for answers of this code."""
    task = make_task(60, step_at=30)
    ask(tmp_path, task)
    monkeypatch.setattr("tracker.execution.kept_results._method_digest", lambda: b"other")

    assert ask(tmp_path, task)[1] == [60]
