"""Two machines and two environments: each series says where it was measured, at every width."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.site.conftest import Served, describe, serving
from tests.support.site_histories import Shape, in_two_environments, make_history
from tests.support.site_walks import THEMES, WIDTHS, misfits
from tracker.publish.site import publish

pytestmark = pytest.mark.browser
SHAPE = Shape(machines=("runner-a", "runner-b"), libraries=("asynctasq", "celery"))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Everything measured on two machines, under two Pythons each."""
    folder = tmp_path_factory.mktemp("places")
    publish(in_two_environments(make_history(SHAPE)), folder)
    with serving(folder) as address:
        yield describe(folder, address)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_has_room_for_the_place(
    browser: Browser, places: Served, axe: str, width: int, theme: str
) -> None:
    """With one more column in every table no view scrolls sideways or breaks a rule of axe."""
    assert misfits(browser, places, places.views(), width, theme, site="places", axe=axe) == []
