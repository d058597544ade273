"""What every story of a repository has: GitHub's side of it."""

import pytest

from tests.support.fake_github.world import World


@pytest.fixture
def world() -> World:
    """GitHub's side."""
    return World()
