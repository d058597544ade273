"""Environments with other packages: what differs, what is refused, and that nothing is left."""

import subprocess
import sys
from pathlib import Path

import pytest

from tracker.asv.builds import Build
from tracker.compare.corners import SIDES, differing, environments, install
from tracker.compare.measurer import Label
from tracker.errors import DataError


@pytest.fixture
def builds(tmp_path: Path) -> dict[Label, Build]:
    """Two environments as asv builds them, with a file that says whose code is in them."""
    found = {}
    for label in SIDES:
        place = tmp_path / label.value
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
        (place / "code").write_text(label.value, encoding="utf-8")
        found[label] = Build(
            sha=label.value[0] * 40,
            subject="",
            remark="",
            python=str(place / "bin" / "python"),
            env_vars={},
            packages={},
            failure=None,
        )
    return found


def test_only_what_differs_is_installed_anew():
    """A package that one side lacks has no version there."""
    found = differing({"redis": "7.1", "six": "1"}, {"redis": "8.0", "six": "1", "rich": "14"})
    assert found == {
        Label.BASE: {"redis": "7.1", "rich": ""},
        Label.HEAD: {"redis": "8.0", "rich": "14"},
    }


def test_there_are_four_environments_of_equal_paths_and_none_is_left(
    tmp_path: Path, builds: dict[Label, Build]
):
    """Both codes, each with either one's packages: here there are none to install."""
    folder = tmp_path / "corners"
    nothing: dict[Label, dict[str, str]] = {label: {} for label in SIDES}
    with environments(folder, builds, nothing, lambda _: None) as pythons:
        assert set(pythons) == {(code, other) for code in SIDES for other in SIDES}
        assert len({len(python) for python in pythons.values()}) == 1
        for (code, _), python in pythons.items():
            assert (Path(python).parents[1] / "code").read_text(encoding="utf-8") == code.value
            asked = [python, "-c", "import sys; print(sys.prefix)"]
            said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
            assert said.strip() == str(Path(python).parents[1])
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "version"), [("--index-url=http://x", "1"), ("redis", "7 --pre"), ("re dis", "7")]
)
def test_what_records_call_a_version_is_no_option(
    builds: dict[Label, Build], name: str, version: str
):
    """Records are others' words: they reach the installer as names and versions alone."""
    with pytest.raises(DataError, match="is not a package and version"):
        install(builds[Label.BASE].python, {name: version})


def test_a_version_that_does_not_exist_is_told(
    builds: dict[Label, Build], monkeypatch: pytest.MonkeyPatch
):
    """The installer's last words, and what was to be installed."""
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    with pytest.raises(DataError, match=r"redis==0\.0\.0\.1 cannot be installed"):
        install(builds[Label.BASE].python, {"redis": "0.0.0.1"})
