"""Rounds that are built, measured and kept."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.signals import TIME
from tracker.asv.builds import Build
from tracker.bisect import counted, noisy
from tracker.bisect.laboratory import Laboratory
from tracker.bisect.line import LineCommit
from tracker.bisect.slots import Slots
from tracker.bisect.state import State, read_state
from tracker.compare.measurer import Answer, Reading, RowKey
from tracker.errors import DataError
from tracker.model import Metric, Outcome
from tracker.model.catalogue import METRICS
from tracker.search.answer import Outcome as Found
from tracker.search.policy import VERIFY

LABEL = "bench.track_it"
TRACK = replace(TIME, name="track", unit="unit")
TRIPS = METRICS["round_trips_per_task"]


def build_of(sha: str, *, failure: str | None = None) -> Build:
    """A commit that is built, or not."""
    return Build(
        sha=sha, subject="", remark="", python=f"/{sha}/python", env_vars={}, packages={},
        failure=failure,
    )  # fmt: skip


class Repository:
    """Builds everything but some, and counts how often."""

    def __init__(self, broken: set[str]) -> None:
        """Let *broken* fail."""
        self.broken = broken
        self.built: list[tuple[str, str]] = []

    def build(self, sha: str, folder: Path) -> Build:
        """As `Repository.build` does."""
        self.built.append((sha, folder.name))
        return build_of(sha, failure="no compiler" if sha in self.broken else None)


class Measurer:
    """Gives a number for each commit; fails where it is told to, once or always."""

    def __init__(
        self, numbers: Sequence[float], failures: dict[int, int], metric: Metric = TRACK
    ) -> None:
        """Fail as often as *failures* says of each position."""
        self.numbers, self.failures, self.asked = list(numbers), dict(failures), 0
        self.metric = metric

    def measure(self, build: Build, *_: object) -> Answer:
        """As `CommitMeasurer.measure` does."""
        self.asked += 1
        place = int(build.sha)
        if self.failures.get(place, 0) > 0:
            self.failures[place] -= 1
            return Answer(outcome=Outcome.FAILED, reason="it fell over", readings=(), facts={})
        key = RowKey(scenario="all", benchmark=LABEL, params=())
        reading = Reading(key=key, metric=self.metric, library="", value=self.numbers[place])
        return Answer(outcome=Outcome.MEASURED, reason="", readings=(reading,), facts={})


def laboratory(
    folder: Path,
    numbers: Sequence[float],
    *,
    broken: set[int] = frozenset(),
    failures: dict[int, int] | None = None,
    budget_s: float = 1000.0,
    metric: Metric = TRACK,
) -> Laboratory:
    """A laboratory in *folder*; each look at its clock takes a tenth of a second."""
    line = tuple(
        LineCommit(sha=str(place), subject=f"S{place}", files=()) for place in range(len(numbers))
    )
    repository = Repository({str(place) for place in broken})
    state = State(good="0", bad=str(len(numbers) - 1), asked=LABEL)
    state_file = folder / "state.json"
    ticks = itertools.count()
    return Laboratory(
        line=line,
        slots=Slots(repository=repository, folder=folder, say=lambda _: None),
        measurer=Measurer(numbers, failures or {}, metric),
        scenario="all",
        state=read_state(state_file, state),
        state_file=state_file,
        budget_s=budget_s,
        clock=lambda: next(ticks) / 10,
        say=lambda _: None,
    )


def test_what_fails_once_is_measured_again(tmp_path: Path):
    """Once may be the machine's fault; twice is the commit's, and kept with its reason."""
    lab = laboratory(tmp_path, [1, 1, 1, 2], failures={1: 1, 2: 2})
    assert lab.measure([0, 1])
    assert not lab.measure([0, 2])
    assert lab.state.unusable == {2: "it fell over"}


def test_an_end_that_does_not_build_ends_the_search(tmp_path: Path):
    """It is named, with the reason; there is nothing to search."""
    lab = laboratory(tmp_path, [1, 1, 2], broken={2})
    with pytest.raises(DataError, match=r"the bad end, 2 S2, cannot be measured.*no compiler"):
        lab.measure([0, 2])


def test_every_round_is_kept_at_once(tmp_path: Path):
    """Another laboratory, after whatever ended the first, knows what that measured."""
    lab = laboratory(tmp_path, [1, 1, 1, 2], broken={1})
    lab.measure([0, 3])
    lab.measure([1])
    again = laboratory(tmp_path, [1, 1, 1, 2])
    assert [each.positions for each in again.state.rounds] == [(0, 3)]
    assert list(again.state.unusable) == [1]
    assert again.usable == {2}


def test_slots_keep_what_a_round_needs(tmp_path: Path):
    """With room for two, the third commit takes the place of the one used longest ago."""
    repository = Repository(set())
    slots = Slots(repository=repository, folder=tmp_path, say=lambda _: None, room=2)
    for sha, keep in (("a", {"a"}), ("b", {"b"}), ("a", {"a"}), ("c", {"a", "c"}), ("a", {"a"})):
        assert slots.build(sha, sha, keep).sha == sha
    assert repository.built == [("a", "slot-0"), ("b", "slot-1"), ("c", "slot-1")]


def test_two_numbers_of_one_commit_are_no_count(tmp_path: Path):
    """A third number is measured again, and what differs then is searched as noisy."""
    lab = laboratory(tmp_path, [100, 100, 100, 110, 110])
    lab.measure([0, 4])
    numbers = iter([103.0, 104.0])
    key = RowKey(scenario="all", benchmark=LABEL, params=())
    lab.measurer.measure = lambda *_: Answer(
        outcome=Outcome.MEASURED,
        reason="",
        readings=(Reading(key=key, metric=TRACK, library="", value=next(numbers)),),
        facts={},
    )
    counted.search(lab, LABEL, np.full(4, 0.25))
    assert lab.state.noisy


def test_all_counted_steps_are_found(tmp_path: Path):
    """Two steps are two certain answers; only the number between is measured twice, to be sure."""
    lab = laboratory(tmp_path, [100] * 5 + [105] * 7 + [110] * 5)
    lab.measure([0, 16])
    answer, steps = counted.search(lab, LABEL, np.full(16, 1 / 16))
    assert answer.outcome is Found.TWO_STEPS
    assert answer.commits == (5, 12)
    assert [(step.before, step.after) for step in steps] == [(100, 105), (105, 110)]
    assert lab.measurer.asked == len(counted.counts_of(lab, LABEL)) + 1


def test_what_is_not_exact_is_counted_twice_before_a_commit_is_accused(tmp_path: Path):
    """The culprit and its parent, side by side; wobble elsewhere is no step."""
    lab = laboratory(tmp_path, [3.0, 3.02, 2.99, 4.01, 4.0], metric=TRIPS)
    lab.measure([0, 4])
    answer, (step,) = counted.search(lab, LABEL, np.full(4, 0.25))
    assert (answer.outcome, answer.commits) == (Found.COMMIT, (3,))
    assert lab.state.rounds[-1].positions == (2, 3)
    assert counted.change_between(lab, LABEL, 2, 3).moved
    assert step.tolerance == pytest.approx(4.01 * 4 * TRIPS.count_scatter)


def test_one_unlucky_count_of_an_end_accuses_nobody(tmp_path: Path):
    """The bad end had a round trip more once and not again: searched as noisy."""
    lab = laboratory(tmp_path, [3.0] * 9, metric=TRIPS)
    lab.measurer.numbers[8] = 4.0
    lab.measure([0, 8])
    lab.measurer.numbers[8] = 3.0
    counted.search(lab, LABEL, np.full(8, 1 / 8))
    assert lab.state.noisy
    assert read_state(lab.state_file, lab.state).noisy


def test_spreads_are_kept_with_their_counts(tmp_path: Path):
    """A count that cannot be trusted is not trusted by the next run either."""
    lab = laboratory(tmp_path, [396.0, 396.0, 397.0], metric=METRICS["lines_per_task"])
    measure = lab.measurer.measure

    def unsure(*asked: object) -> Answer:
        answer = measure(*asked)
        return replace(answer, readings=tuple(replace(r, spread=2.0) for r in answer.readings))

    lab.measurer.measure = unsure
    lab.measure([0, 2])
    again = laboratory(tmp_path, [396.0, 396.0, 397.0])
    assert not counted.ends_moved(again, LABEL)


def test_a_commit_without_the_row_is_passed_over(tmp_path: Path):
    """It ran, but has no such number: it is not asked again and again."""
    lab = laboratory(tmp_path, [1, 1, 2, 2])
    lab.measure([0, 3])
    measure = lab.measurer.measure
    lab.measurer.measure = lambda build, *rest: (
        replace(measure(build, *rest), readings=()) if build.sha == "2" else measure(build, *rest)
    )
    answer, _ = counted.search(lab, LABEL, np.full(3, 1 / 3))
    assert lab.state.unusable == {2: f"it has no {LABEL}"}
    assert (answer.outcome, answer.commits) == (Found.RANGE, (2, 3))


def test_a_used_budget_leaves_the_set_open(tmp_path: Path):
    """Nothing is measured beyond it, and what is left is named."""
    lab = laboratory(tmp_path, [100] * 20 + [110] * 13, budget_s=2.0)
    lab.measure([0, 32])
    answer, _ = counted.search(lab, LABEL, np.full(32, 1 / 32))
    assert answer.outcome is Found.OPEN
    assert 20 in answer.commits


def test_rounds_are_reversed_in_turn(tmp_path: Path):
    """So that drift meets both ends alike."""
    lab = laboratory(tmp_path, [100.0, 100.5, 101.0], budget_s=4.0)
    lab.measure([0, 2])
    noisy.confirm_ends(lab, LABEL, VERIFY)
    assert [each.positions for each in lab.state.rounds][:4] == [(0, 2), (2, 0), (0, 2), (2, 0)]
