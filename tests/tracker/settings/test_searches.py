"""Whether anything is searched unasked, by the settings."""

import pytest

from tracker.errors import DataError
from tracker.settings.file import parse_settings
from tracker.settings.searches import SearchSettings, parse_searches


def test_nothing_is_searched_unless_somebody_wants_it():
    """It costs minutes of a runner."""
    assert parse_searches({}) == SearchSettings(auto=False, budget_s=1800)
    assert parse_searches({"bisect": {"budget": "90s"}}) == SearchSettings(auto=False, budget_s=90)


def test_settings_are_read_from_their_file():
    """As the documentation writes them."""
    settings = parse_settings("tracker.toml", '[bisect]\nauto = true\nbudget = "1h"')
    assert parse_searches(settings) == SearchSettings(auto=True, budget_s=3600)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (True, "bisect is not a table"),
        ({"automatic": True}, "unknown setting 'automatic'"),
        ({"auto": "yes"}, "bisect.auto cannot be 'yes'"),
        ({"auto": 1}, "bisect.auto cannot be 1"),
        ({"budget": 30}, "bisect.budget cannot be 30"),
        ({"budget": "0m"}, "bisect.budget cannot be '0m'"),
        ({"budget": "soon"}, "bisect.budget cannot be 'soon'"),
    ],
)
def test_what_is_not_understood_is_named(table: object, said: str):
    """With the file and the setting."""
    with pytest.raises(DataError, match=r"tracker\.toml") as caught:
        parse_searches({"bisect": table})
    assert said in caught.value.message
