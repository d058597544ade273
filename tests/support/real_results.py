"""Results of a real `make demo`, committed under tests/data/demo, laid out as an asv project.

The repository is made of the commit objects alone (their texts are in commits/): enough for
hashes, dates, subjects and tags. Six releases of AsyncTasQ, Celery as the control, every metric
of the basic-throughput scenario and all run records, as measured. The same six releases measured
while nothing else ran, without their run records, are in tests/data/idle_demo.
"""

import json
import shutil
import subprocess
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "demo"
BUSY = DATA / "results"
IDLE = DATA.with_name("idle_demo")


def lay_out(folder: Path, results: Path = BUSY) -> Path:
    """Write *results*, repository and configuration into *folder*; return the configuration."""
    shutil.copytree(results, folder / "results", dirs_exist_ok=True)
    repository = folder / "repo.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    for text in sorted((DATA / "commits").glob("*.txt")):
        sha = _git(repository, "hash-object", "-t", "commit", "-w", str(text))
        _git(repository, "update-ref", f"refs/tags/{text.stem}", sha)
        _git(repository, "update-ref", "refs/heads/main", sha)
    config = {
        "version": 1, "project": "asynctasq", "repo": "repo.git", "branches": ["main"],
        "results_dir": "results", "html_dir": "html", "benchmark_dir": "benchmarks",
    }  # fmt: skip
    (folder / "asv.conf.json").write_text(json.dumps(config, indent=4), encoding="utf-8")
    return folder / "asv.conf.json"


def _git(repository: Path, *arguments: str) -> str:
    completed = subprocess.run(
        ["git", "-C", str(repository), *arguments], check=True, capture_output=True, text=True
    )
    return completed.stdout.strip()
