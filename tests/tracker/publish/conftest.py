"""What the tests of publishing share."""

from pathlib import Path

import pytest

from tests.support.site_histories import SMALL, make_history
from tests.support.site_records import with_records
from tracker.publish.site import publish


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A small site."""
    publish(with_records(make_history(), SMALL), tmp_path / "site")
    return tmp_path / "site"
