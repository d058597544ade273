"""Building base and head, and that an interrupted build leaves nothing running."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.asv_tree import make_repository
from tracker.asv import builds
from tracker.asv.build_entry import load_config, open_repository, sha_of
from tracker.asv.builds import Commits, build_both
from tracker.compare.comparison import alone_in
from tracker.errors import UsageError

# As asv starts pip: in a process group of its own, ended when it is itself interrupted.
BUILDING = """
import signal, subprocess, sys
from tracker.asv import build_entry

def load(request):
    command = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
    pip = subprocess.Popen(command, process_group=0)
    try:
        print(pip.pid, flush=True)
        pip.wait()
    finally:
        pip.kill()
        pip.wait()

signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell leaves it to what runs in the background
build_entry.load_config = load
build_entry.run()
"""


def test_what_a_build_has_started_ends_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C, or SIGTERM, in the middle of a build: pip does not go on."""
    monkeypatch.setattr(builds, "ENTRY", (sys.executable, "-c", BUILDING))
    config = tmp_path / "asv.conf.json"
    started: list[int] = []

    def interrupt(line: str) -> None:
        started.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_both(Commits(config=config, repo="", base="a", head="b", exact=True), interrupt)

    limit_s = time.monotonic() + 5
    while psutil.pid_exists(started[0]) and time.monotonic() < limit_s:
        time.sleep(0.02)
    assert not psutil.pid_exists(started[0])


def test_names_mean_what_they_mean_in_the_clone_around_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In a checkout whose suite names an address, HEAD is what is checked out, not the remote's.

    A branch that the clone knows as the remote's only has its short name all the same.
    """
    shas = make_repository(tmp_path / "p.git", 2)
    address = f"file://{tmp_path}/p.git"
    git = ["git", "-C", tmp_path / "work"]
    subprocess.run(["git", "clone", "-q", address, tmp_path / "work"], check=True)
    subprocess.run([*git, "checkout", "-q", shas[0]], check=True)
    subprocess.run([*git, "branch", "-q", "-D", "main"], check=True)
    config = tmp_path / "work" / "asv.conf.json"
    config.write_text(json.dumps({"version": 1, "project": "p", "repo": address}))
    monkeypatch.chdir(tmp_path)

    conf = load_config({"config": str(config), "repo": ""})
    _, path = open_repository(conf, ["HEAD"])

    assert path == tmp_path / "work"
    assert [sha_of(path, name) for name in ("HEAD", "main")] == shas
    assert load_config({"config": str(config), "repo": "elsewhere"}).repo == "elsewhere"


def test_two_comparisons_do_not_share_environments(tmp_path: Path):
    """The second would install its commits into those that the first is measuring."""
    folder = tmp_path / ".asv" / "compare"
    refused = pytest.raises(UsageError, match="another comparison")
    with alone_in(folder), refused, alone_in(folder):
        pytest.fail("both hold it")
    assert (folder / ".gitignore").read_text() == "*\n", "git sees nothing of ours"
    with alone_in(folder):
        assert folder.is_dir()
