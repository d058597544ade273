"""What changed in the surroundings: only what is known before and after."""

import numpy as np
import pytest

from tests.support.signals import history, noisy, series
from tracker.judge import judge
from tracker.judge.environments import EnvironmentLog
from tracker.model import Environment, EventKind, Verdict

SIZE = 60


def environments(*facts: tuple[dict[str, str], int]) -> list[Environment]:
    """Commits in turn on machine m: so many with these facts, then so many with those."""
    each = [own for own, count in facts for _ in range(count)]
    return [
        Environment(
            machine="m", environment="e", position=i, facts=tuple(sorted(own.items()))
        )
        for i, own in enumerate(each)
    ]  # fmt: skip


def differences(*facts: tuple[dict[str, str], int]) -> tuple[str, ...]:
    """What changed in the middle of sixty commits."""
    log = EnvironmentLog(environments(*facts))
    return log.differences(("m", "e"), SIZE // 2 - 1, SIZE // 2)


@pytest.mark.parametrize("name", ["num_cpu", "ram", "os", "cpu", "arch", "python", "image"])
@pytest.mark.parametrize("unknown", [{}, "", "None", "unknown"])
def test_what_is_not_stored_is_unknown_and_no_change(name: str, unknown):
    """In either direction: an older asv stored less, and an empty field says nothing."""
    nothing = {name: unknown} if isinstance(unknown, str) else {}
    known = {name: "8"}

    assert differences((nothing, 30), (known, 30)) == ()
    assert differences((known, 30), (nothing, 30)) == ()


def test_a_fact_that_was_known_shortly_before_is_remembered():
    """One file without the field between two machines does not hide that they differ."""
    old, new = {"cpu": "old"}, {"cpu": "new"}

    assert differences((old, 29), ({}, 1), (new, 30)) == ("cpu: old -> new",)


def test_a_requirement_that_is_new_is_a_change():
    """What a machine need not have is absent where it is not stored."""
    assert differences(({}, 30), ({"numpy": "2.1"}, 30)) == ("numpy: absent -> 2.1",)
    assert differences(({"cpu": "a"}, 30), ({"cpu": "b"}, 30)) == ("cpu: a -> b",)


@pytest.mark.parametrize(
    ("old", "new", "is_change"),
    [
        ("395591796", "395591808", False),
        ("15.6 GiB", "15.5 GiB", False),
        ("16GB", "32GB", True),
        ("8 GiB", "8 MiB", True),
        ("16GB", "much", True),
    ],
)
def test_memory_is_the_same_when_the_kernel_keeps_a_little_more(
    old: str, new: str, *, is_change: bool
):
    """An update of the kernel moves the amount of memory by some kilobytes; MetPy's machine did."""
    assert bool(differences(({"ram": old}, 30), ({"ram": new}, 30))) is is_change


def test_a_field_that_begins_to_be_stored_hides_no_regression():
    """A step at the commit from which on asv stores the number of CPUs is the commit's."""
    values = noisy(SIZE, 1, steps={SIZE // 2: 1.3})
    places = environments(({"cpu": "x"}, 30), ({"cpu": "x", "num_cpu": "8"}, 30))

    judged = judge(history(series(np.asarray(values), "b"), environments=tuple(places)))

    (event,) = judged.events
    assert (event.kind, event.verdict) == (EventKind.COMMIT, Verdict.WORSE)
    assert event.surroundings == ()
