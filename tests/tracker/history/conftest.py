"""What the tests of reading share."""

from pathlib import Path

import pytest

from tests.support.asv_tree import make_repository


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, Path, list[str]]:
    """An empty results folder, a repository of five commits, and their shas."""
    return tmp_path / "results", tmp_path / "repo.git", make_repository(tmp_path / "repo.git", 5)
