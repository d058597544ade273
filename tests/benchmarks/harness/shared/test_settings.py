"""Environment variables: what they mean, and what a wrong one says."""

from pathlib import Path

import pytest

from benchmarks.harness.shared import settings
from benchmarks.harness.shared.errors import BadSettingError, HarnessError, UnknownLibraryError
from benchmarks.harness.shared.spec import Size


def test_nothing_set_measures_the_controls_at_quick_size():
    """Outside asv there is no tracked library."""
    read = settings.read({})

    assert (read.size, read.tracked, read.libraries) == (Size.QUICK, "", ("celery",))


def test_the_tracked_library_is_always_among_those_measured():
    """The project is measured beside whatever is selected, in the order of the registry."""
    read = settings.read({"ASV_PROJECT": "asynctasq", "TRACKER_LIBRARIES": "rq, huey"})

    assert read.libraries == ("asynctasq", "huey", "rq")


def test_results_go_below_asvs_folder(tmp_path):
    """The default is asv's own results folder."""
    assert settings.read({"ASV_CONF_DIR": str(tmp_path)}).results == tmp_path / ".asv" / "results"
    assert settings.read({"TRACKER_RESULTS": "/r"}).results == Path("/r")


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("TRACKER_SIZE", "huge", "quick or full"),
        ("TRACKER_RUNS", "ten", "a whole number"),
        ("TRACKER_SEED", "-1", "a whole number"),
    ],
)
def test_a_wrong_value_names_the_variable_and_what_is_wanted(name, value, hint):
    """One line for what happened, one for what to do."""
    with pytest.raises(BadSettingError) as caught:
        settings.read({name: value})

    assert name in caught.value.message
    assert value in caught.value.message
    assert hint in caught.value.next_step


def test_an_unknown_library_lists_the_known_ones():
    """A typo is answered with the eight names."""
    with pytest.raises(UnknownLibraryError) as caught:
        settings.read({"TRACKER_LIBRARIES": "celry"})

    assert "celry" in caught.value.message
    assert "celery" in caught.value.next_step


def test_every_error_has_a_next_step_and_an_exit_code_of_its_table():
    """The codes of the harness start after those of `tracker`, but for wrong usage."""
    kinds = HarnessError.__subclasses__()

    assert {kind.exit_code for kind in kinds} == {2, 6, 7, 8, 9}
