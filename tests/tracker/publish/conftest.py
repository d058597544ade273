"""What the tests of publishing share."""

from pathlib import Path

import pytest

from tests.support.site_histories import SMALL, make_history
from tests.support.site_records import make_runs
from tracker.publish.site import publish
from tracker.site_data.build import Extras


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A small site."""
    publish(make_history(), tmp_path / "site", Extras(runs=make_runs(SMALL)))
    return tmp_path / "site"
