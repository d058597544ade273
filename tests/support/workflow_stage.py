"""A stage on which the real workflows run offline, by a local runner without containers.

The project has a server (a bare repository), from which jobs check out as `actions/checkout` does
(`checkout`). Artifacts and pages are folders. `tracker` is the real command, started from this
repository's own environment instead of one that the setup action installs.

What the runner lacks is written out for it: workflows of another repository are called by a path,
and where they come from (`job.workflow_*`) is text. It ignores permissions, concurrency and the
chaining of workflows: the tests start each event themselves, and .github/check-workflows looks at
the rights.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.fake_github.world import REPOSITORY
from tests.support.git import git

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
BIN = Path(sys.executable).parent
TRACKER = "octo/asynctasq-tracker"
SHA = "0123456789abcdef0123456789abcdef01234567"

_CHECKOUT = """
name: checkout
inputs: {repository: {default: ""}, ref: {default: ""}, path: {default: "."},
         fetch-depth: {default: "1"}, persist-credentials: {default: "true"}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {INTO: "${{ inputs.path }}", LEAVE: "${{ inputs.persist-credentials }}",
            OF: "${{ inputs.repository }}", REF: "${{ inputs.ref }}",
            DEPTH: "${{ inputs.fetch-depth }}"}
      run: |
        [ "$LEAVE" = false ] || { echo "credentials would be left behind"; exit 9; }
        "$STAGE/bin/check-out" "$OF" "$REF" "$INTO" "$DEPTH"
"""
_UPLOAD = """
name: upload
inputs: {name: {default: github-pages}, path: {required: true}, if-no-files-found: {default: warn},
         overwrite: {default: "false"}, retention-days: {default: "1"},
         include-hidden-files: {default: "false"}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}",
            EMPTY: "${{ inputs.if-no-files-found }}"}
      run: |
        if [ -z "$(ls -A "$FROM" 2> /dev/null)" ]; then [ "$EMPTY" != error ]; exit; fi
        rm -rf "$STAGE/artifacts/$NAME"
        mkdir -p "$STAGE/artifacts/$NAME"
        cp -a "$FROM/." "$STAGE/artifacts/$NAME"
"""
_DOWNLOAD = """
name: download
inputs: {pattern: {default: ""}, name: {default: ""}, path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {PATTERN: "${{ inputs.pattern }}", NAME: "${{ inputs.name }}",
            INTO: "${{ inputs.path }}"}
      run: |
        mkdir -p "$INTO"
        [ -z "$NAME" ] || cp -a "$STAGE/artifacts/$NAME/." "$INTO/"
        [ -z "$PATTERN" ] || for one in "$STAGE"/artifacts/$PATTERN; do
          [ ! -e "$one" ] || cp -a "$one" "$INTO/"
        done
"""
_DEPLOY = """
name: deploy
outputs: {page_url: {value: "https://octo.github.io/bench/"}}
runs:
  using: composite
  steps:
    - shell: bash
      run: rm -rf "$STAGE/site" && cp -a "$STAGE/artifacts/github-pages" "$STAGE/site"
"""
_PYTHONS = """
name: setup-python
inputs: {python-version: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {VERSIONS: "${{ inputs.python-version }}"}
      run: echo "$VERSIONS" >> "$STAGE/pythons"
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
set -euo pipefail
echo "$*" >> "$STAGE/calls"
if [ "$1" = results ] && [ "$2" != pack ]; then set -- "$@" --remote "$STAGE/origin.git"; fi
PYTHONPATH={root} exec {python} -m tracker "$@"
"""
_CHECK_OUT = """#!{python}
import os, pathlib, shutil, subprocess, sys
sys.path.insert(0, {root!r})
from tests.support.checkout import check_out
of, ref, into, depth = sys.argv[1:]
stage = pathlib.Path(os.environ["STAGE"])
if of == {tracker!r}:
    assert ref == {sha!r}, ref
    shutil.copytree(stage / "tracker", into, symlinks=True)
    subprocess.run(["git", "init", "--quiet", into], check=True)
else:
    event = {{"ref": os.environ["STAGE_REF"], "sha": os.environ["STAGE_SHA"]}}
    asked = {{"ref": "", "sha": ref}} if ref else event
    check_out((stage / "origin.git").as_uri(), pathlib.Path(into), depth=int(depth), **asked)
"""
_STUBS = {
    "checkout": _CHECKOUT,
    "upload-artifact": _UPLOAD,
    "download-artifact": _DOWNLOAD,
    "upload-pages-artifact": _UPLOAD,
    "deploy-pages": _DEPLOY,
    "setup-python": _PYTHONS,
}


@dataclass
class Stage:
    """A project on its server, a clone to work in, and what its workflows meet.

    Attributes:
        home: folder of the whole stage.
        api_url: the fake GitHub.
        ref, sha: what the next event is about, as `github.ref` and `github.sha`.
        limit_s: seconds that a run of a workflow may take.
    """

    home: Path
    api_url: str
    env: dict[str, str] = field(default_factory=dict)
    ref: str = "refs/heads/main"
    sha: str = ""
    limit_s: float = 600.0

    @property
    def project(self) -> Path:
        """The clone to work in."""
        return self.home / "project"

    def build(self, branch: str = "main") -> None:
        """Make the server, an empty clone, our own files, and the runner's actions."""
        self.ref = f"refs/heads/{branch}"
        for name, text in _STUBS.items():
            self._write(f"stubs/{name}/action.yml", text)
        tracker = self.home / "tracker"
        shutil.copytree(ROOT / ".github" / "actions", tracker / ".github" / "actions")
        self._write("tracker/.github/actions/setup/action.yml", _SETUP)
        shutil.copy(ROOT / "asv.conf.json", tracker)
        (tracker / "benchmarks").symlink_to(ROOT / "benchmarks")
        names = {"python": sys.executable, "root": str(ROOT), "tracker": TRACKER, "sha": SHA}
        self._script("bin/tracker", _TRACKER.format(**names))
        self._script("bin/check-out", _CHECK_OUT.format(**names))
        self._script("bin/python", f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} "$@"\n')
        server = self.home / "origin.git"
        subprocess.run(["git", "init", "--quiet", "--bare", "-b", branch, server], check=True)
        for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            subprocess.run(["git", "-C", server, "config", name, "true"], check=True)
        subprocess.run(["git", "init", "--quiet", "-b", branch, self.project], check=True)
        self.git("remote", "add", "origin", f"https://github.com/{REPOSITORY}.git")
        self.git("remote", "add", "server", str(server))

    def git(self, *arguments: str) -> str:
        """Run git in the project."""
        return git(self.project, *arguments)

    def commit(self, subject: str) -> str:
        """Commit everything; return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def push(self, ref: str = "") -> str:
        """Push `HEAD` to *ref*, by default the event's; it becomes the commit of the event."""
        self.git("push", "--quiet", "--force", "server", f"HEAD:{ref or self.ref}")
        self.sha = self.git("rev-parse", "HEAD")
        return self.sha

    def act(
        self, event: str, payload: dict[str, Any], workflow: str, *, fails: bool = False
    ) -> str:
        """Run one workflow of the project, as it is checked out, for one event; return the log."""
        path = self.home / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        self._write_runner()
        env = {
            "GITHUB_API_URL": self.api_url,
            "STAGE": str(self.home),
            "STAGE_REF": self.ref,
            "STAGE_SHA": self.sha,
            "TRACKER_CACHE": str(self.home / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.env,
        }
        command = [
            str(BIN / "act"),
            event,
            *("--workflows", f".github/workflows/{workflow}", "--eventpath", str(path)),
            *("--platform", "ubuntu-24.04=-self-hosted", "--no-skip-checkout"),
            *("--secret", "GITHUB_TOKEN=good", "--no-cache-server", "--action-offline-mode"),
            *self._stubs(),
            *(part for name, value in env.items() for part in ("--env", f"{name}={value}")),
        ]
        completed = subprocess.run(
            command,
            cwd=self.home / "runner",
            env={**os.environ, "HOME": str(self.home / "user"), "XDG_CACHE_HOME": ""},
            capture_output=True,
            text=True,
            timeout=self.limit_s,
            check=False,
        )
        log = completed.stdout + completed.stderr
        assert (completed.returncode != 0) is fails, log
        return log

    def calls(self) -> list[str]:
        """The arguments of every `tracker` that the workflows ran."""
        path = self.home / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def _stubs(self) -> list[str]:
        texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS.parent.rglob("*.yml")]
        uses = set(re.findall(r"uses: (actions/([\w-]+)@\w+)", "\n".join(texts)))
        pairs = [(whole, name) for whole, name in sorted(uses) if name in _STUBS]
        return [
            part
            for whole, name in pairs
            for part in ("--local-repository", f"{whole}={self.home}/stubs/{name}")
        ]

    def _write_runner(self) -> None:
        """Write what the runner reads: the project's workflows, and beside them ours."""
        folder = self.home / "runner"
        shutil.rmtree(folder, ignore_errors=True)
        workflows = folder / ".github" / "workflows"
        shutil.copytree(self.project / ".github" / "workflows", workflows)
        for path in workflows.iterdir():
            path.write_text(_for_runner(path.read_text(encoding="utf-8")), encoding="utf-8")
        for path in WORKFLOWS.glob("*.yml"):
            text = _for_runner(path.read_text(encoding="utf-8"))
            (workflows / f"called-{path.name}").write_text(text, encoding="utf-8")
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        git = ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.com"]
        subprocess.run([*git, "commit", "-qm", "x", "--allow-empty"], check=True)
        url = f"https://github.com/{REPOSITORY}.git"
        subprocess.run([*git, "remote", "add", "origin", url], check=True)

    def _write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _script(self, name: str, text: str) -> None:
        path = self._write(name, text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _for_runner(text: str) -> str:
    """A workflow in the words of the local runner."""
    called = rf"(uses: )(?:\./|{TRACKER}/)\.github/workflows/([\w-]+\.yml)(?:@\w+)?"
    text = re.sub(called, r"\1./.github/workflows/called-\2", text)
    text = text.replace("job.workflow_repository", f"'{TRACKER}'")
    return text.replace("job.workflow_sha", f"'{SHA}'").replace("cache-mode: none\n", "")
