"""Prints `config=`, `repo=` and `branch=` lines for the action beside this file."""  # noqa: INP001

import os
import re
import shutil
import subprocess
from pathlib import Path

import asv.util

SUITE = ".tracker-source/asv.conf.json"
CLONE_TO = Path("tracked.git")


def main() -> None:
    """Read the configuration named by CONFIG, the project's own, or that of the tracker."""
    asked = os.environ.get("CONFIG")
    if asked and not Path(asked).is_file():
        raise SystemExit(f"find_project.py: there is no {asked}; correct the input `config`")
    config = next(name for name in (asked, "asv.conf.json", SUITE) if name and Path(name).is_file())
    if config == SUITE:
        # Gates and triage are read beside the configuration, and belong to the project.
        for name in (".tracker", "tracker.toml"):
            if Path(name).is_dir():
                shutil.copytree(name, Path(SUITE).parent / name, dirs_exist_ok=True)
            elif Path(name).is_file():
                shutil.copy(name, Path(SUITE).parent / name)
    content = asv.util.load_json(config, 1, js_comments=True)
    address = address_of(str(content["repo"]), Path(config).parent)
    repo = "." if is_ours(address) else ""
    if not repo and os.environ.get("CLONE") == "true":
        command = ["git", "clone", "--quiet", "--bare", "--filter=blob:none", "--", address]
        subprocess.run([*command, str(CLONE_TO)], check=True)
        repo = str(CLONE_TO)
    branch = next(iter(content.get("branches") or []), "") or current_branch(repo)
    for name, value in {"config": config, "repo": repo, "branch": branch}.items():
        if not re.fullmatch(r"[\w./-]*", value):
            raise SystemExit(f"find_project.py: {name} cannot be {value!r}")
        print(f"{name}={value}")  # noqa: T201 - the runner reads it


def address_of(repo: str, folder: Path) -> str:
    """Return *repo* as it is meant: asv takes a path from the *folder* of its configuration."""
    return os.path.realpath(folder / repo) if (folder / repo).is_dir() else repo


def is_ours(address: str) -> bool:
    """Whether the tracked repository is the one that this job belongs to."""
    ours = os.environ["GITHUB_REPOSITORY"].lower()
    plain = address.lower().rstrip("/").removesuffix(".git")
    return address == os.path.realpath(".") or plain.endswith((f"/{ours}", f":{ours}"))


def current_branch(repo: str) -> str:
    """Return the branch that is checked out in *repo*; of a clone, the default branch."""
    asked = ["git", "-C", repo or ".", "symbolic-ref", "--quiet", "--short", "HEAD"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    return done.stdout.strip() or "main"


if __name__ == "__main__":
    main()
