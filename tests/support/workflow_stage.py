"""A stage on which the real workflows run offline, by a local runner without containers.

GitHub's own actions are replaced by stubs that move files; the measuring commands
(`tracker run`, `compare`) by prepared answers; everything else is the real command.
The runner ignores permissions, concurrency and the chaining of workflows: the tests start each
event themselves, and .github/check-workflows looks at the rights.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.fake_github.world import REPOSITORY
from tests.support.workflow_asv_tree import SCENARIOS

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
BIN = Path(sys.executable).parent
TRACKER_SOURCE = ".tracker-source"

_CHECKOUT = """
name: checkout
inputs: {repository: {default: ""}, ref: {default: ""}, path: {default: "."},
         fetch-depth: {default: "1"}, persist-credentials: {default: "true"}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {INTO: "${{ inputs.path }}", LEAVE: "${{ inputs.persist-credentials }}"}
      run: |
        [ "$LEAVE" = false ] || { echo "credentials would be left behind"; exit 9; }
        mkdir -p "$INTO"
        [ "$INTO" = . ] && cp -a "$STAGE/project/." . || cp -a "$STAGE/tracker/." "$INTO"
"""
_UPLOAD = """
name: upload
inputs: {name: {default: github-pages}, path: {required: true}, if-no-files-found: {default: warn},
         overwrite: {default: "false"}, retention-days: {default: "1"}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
      run: |
        mkdir -p "$STAGE/artifacts/$NAME"
        if [ -d "$FROM" ]; then cp -a "$FROM/." "$STAGE/artifacts/$NAME"
        elif [ -f "$FROM" ]; then cp "$FROM" "$STAGE/artifacts/$NAME/"; fi
"""
_DOWNLOAD = """
name: download
inputs: {pattern: {required: true}, path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {PATTERN: "${{ inputs.pattern }}", INTO: "${{ inputs.path }}"}
      run: |
        mkdir -p "$INTO"
        for found in "$STAGE"/artifacts/$PATTERN; do cp -a "$found" "$INTO/"; done
"""
_DEPLOY = """
name: deploy
outputs: {page_url: {value: "https://octo.github.io/bench/"}}
runs:
  using: composite
  steps:
    - shell: bash
      run: cp -a "$STAGE/artifacts/github-pages" "$STAGE/site"
"""
_SETUP = """
name: set up tracker
runs:
  using: composite
  steps:
    - shell: bash
      run: echo "$STAGE/bin" >> "$GITHUB_PATH"
"""
_TRACKER = """#!/usr/bin/env bash
# The measuring commands answer from the stage; all others are the real ones.
set -euo pipefail
echo "$*" >> "$STAGE/calls"
real="{python} -m tracker"
value() {{ local name="$1"; shift; while [ "$1" != "$name" ]; do shift; done; echo "$2"; }}
case "$1" in
    compare) cp "$STAGE/comparison.json" "$(value --out "$@")"; exit "$(cat "$STAGE/code")" ;;
    run) mkdir -p "$(value --results "$@")"
         scenario="$(value --scenarios "$@")"
         cp -a "$STAGE/measured/$scenario/." "$(value --results "$@")"
         [ ! -e "$STAGE/dies-in-$scenario" ] || exit 3 ;;
    results) if [ "$2" = pack ]; then exec $real "$@"; fi
             exec $real "$@" --remote "$STAGE/remote.git" ;;
    *) exec $real "$@" ;;
esac
"""
_STUBS = {
    "checkout": _CHECKOUT,
    "upload-artifact": _UPLOAD,
    "download-artifact": _DOWNLOAD,
    "upload-pages-artifact": _UPLOAD,
    "deploy-pages": _DEPLOY,
}


@dataclass
class Stage:
    """A project with our workflows, and everything that they meet.

    Attributes:
        home: folder of the whole stage.
        api_url: the fake GitHub.
    """

    home: Path
    api_url: str
    env: dict[str, str] = field(default_factory=dict)

    def build(self) -> None:
        """Write the project, the stubs and the prepared answers."""
        for name, text in _STUBS.items():
            self._write(f"stubs/{name}/action.yml", text)
        self._write("tracker/.github/actions/setup/action.yml", _SETUP)
        shutil.copytree(
            ROOT / ".github" / "actions" / "project",
            self.home / "tracker/.github/actions/project",
        )
        self._script("bin/tracker", _TRACKER.format(python=sys.executable))
        self._script("bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        shutil.copytree(WORKFLOWS, self.home / "project" / ".github" / "workflows")
        self._write("project/asv.conf.json", json.dumps({"version": 1, "repo": "."}))
        for scenario in SCENARIOS:
            self._write(f"project/benchmarks/{scenario}.py", "class Burst:\n    pass\n")
        # Names that our workflows might want for themselves.
        self._write("project/comparison.json", "{}")
        for folder in ("history", "news", "pack", "packs", "site"):
            self._write(f"project/{folder}/README.md", "the project's own")
        self._write("code", "0")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", f"https://github.com/{REPOSITORY}.git")
        self.commit("start")

    def git(self, *arguments: str) -> str:
        """Run git in the project."""
        return subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
            cwd=self.home / "project",
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def commit(self, subject: str) -> str:
        """Commit everything; return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def act(
        self, event: str, payload: dict[str, Any], workflow: str, *, fails: bool = False
    ) -> str:
        """Run one workflow for one event; return the log."""
        path = self.home / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        stubs = []
        for line in "".join(file.read_text() for file in WORKFLOWS.glob("*.yml")).splitlines():
            uses = line.partition("uses: actions/")[2].partition(" ")[0]
            name = uses.partition("@")[0]
            if name in _STUBS:
                stubs += ["--local-repository", f"actions/{uses}={self.home}/stubs/{name}"]
        env = {
            "GITHUB_API_URL": self.api_url,
            "STAGE": str(self.home),
            "TRACKER_CACHE": str(self.home / "cache"),
            **self.env,
        }
        command = [
            str(BIN / "act"),
            event,
            *("--workflows", f".github/workflows/{workflow}", "--eventpath", str(path)),
            *("--platform", "ubuntu-24.04=-self-hosted", "--no-skip-checkout"),
            *("--secret", "GITHUB_TOKEN=good", "--no-cache-server", "--action-offline-mode"),
            *stubs,
            *(part for name, value in env.items() for part in ("--env", f"{name}={value}")),
        ]
        done = subprocess.run(
            command,
            cwd=self.home / "project",
            env={**os.environ, "HOME": str(self.home / "user"), "XDG_CACHE_HOME": ""},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        log = done.stdout + done.stderr
        assert (done.returncode != 0) is fails, log
        return log

    def calls(self) -> list[str]:
        """The arguments of every `tracker` that the workflows ran."""
        path = self.home / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def _write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _script(self, name: str, text: str) -> None:
        path = self._write(name, text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
