"""Locked environments: one per library, one for the harness. Standard library only.

An environment is built by uv from `benchmarks/locks/<name>.txt` (with hashes) into
`<root>/<name>-<key8>`, where the key is made of the lock's text and the interpreter: it is rebuilt
when either changes and never altered. Building happens aside and ends with a rename, under a file
lock, so two measurements can ask at once and a killed build leaves nothing that would be used.

`python -m benchmarks.harness.shared.environments celery` prints the interpreter of one.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness.shared.command import run
from benchmarks.harness.shared.errors import EnvironmentBuildError

HARNESS = "harness"
RECIPE = "bytecode compiled"
"""Part of every key: changed when environments are built in another way."""

LOCKS = Path(__file__).parents[2] / "locks"
REPOSITORY = Path(__file__).parents[3]


def default_root() -> Path:
    """`<ASV_CONF_DIR or the repository>/.asv/libraries`."""
    return Path(os.environ.get("ASV_CONF_DIR") or REPOSITORY) / ".asv" / "libraries"


def ensure_environment(name: str, *, root: Path, base_python: Path) -> Path:
    """The interpreter of the environment *name*, built if there is none yet.

    Args:
        name: a library of the registry, or another name with a lock, such as `HARNESS`.
        root: folder of all environments.
        base_python: an interpreter of the wanted version (a virtual one will do).

    Raises:
        EnvironmentBuildError: uv is missing, or the lock cannot be installed; it says which.
    """
    lock = LOCKS / f"{name}.txt"
    if not lock.is_file():
        raise EnvironmentBuildError(f"no lock for {name!r}", f"write {lock}")
    base_python = _resolved(base_python)
    key = hashlib.sha256(f"{RECIPE}\n{base_python}\n{lock.read_text('utf-8')}".encode())
    folder = root / f"{name}-{key.hexdigest()[:8]}"
    python = folder / "bin" / "python"
    if not python.exists():
        root.mkdir(parents=True, exist_ok=True)
        with _only_one(root / f".{folder.name}.lock"):
            if not python.exists():
                _build(folder, lock, base_python)
    return python


def find_uv() -> str:
    """Path of uv: $UV, else beside this interpreter, else on PATH.

    Raises:
        EnvironmentBuildError: it is in none of these places.
    """
    beside = Path(sys.executable).with_name("uv")
    uv = os.environ.get("UV") or (str(beside) if beside.exists() else shutil.which("uv"))
    if not uv:
        raise EnvironmentBuildError(
            "uv was not found; it is needed to build the locked environments",
            "run `make setup`, or set UV to its path",
        )
    return uv


@functools.cache
def _resolved(python: Path) -> Path:
    """The interpreter that a virtual environment was made from, so that the key stays stable."""
    code = (
        "import os, sys; print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))"
    )
    try:
        answer = subprocess.run(
            [python, "-I", "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise EnvironmentBuildError(
            f"{python} is not a usable interpreter ({error})", "name another"
        ) from error
    return Path(answer.stdout.strip())


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the lock file *path*; the system gives it back when the process ends, however."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(folder: Path, lock: Path, base_python: Path) -> None:
    """Build aside, then rename; virtual environments of uv can be moved with --relocatable."""
    aside = folder.with_name(f".building-{folder.name}")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    uv, python = find_uv(), aside / "bin" / "python"
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--no-config", "--python", python]
    try:
        _run(
            [uv, "venv", "--quiet", "--no-config", "--relocatable", "--python", base_python, aside]
        )
        _run([*install, "--compile-bytecode", "--require-hashes", "--requirement", lock])
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _run(command: Sequence[str | Path]) -> None:
    """Run uv; its last lines become the error."""
    from benchmarks.harness.shared.parent_death import die_with_parent

    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    try:
        completed = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            preexec_fn=die_with_parent,
        )
    except OSError as error:
        raise EnvironmentBuildError(
            f"{command[0]} cannot be run ({error.strerror})", "run `make setup`, or correct UV"
        ) from error
    if completed.returncode:
        tail = " / ".join(completed.stderr.strip().splitlines()[-4:])
        words = " ".join(str(word) for word in command[:3])
        raise EnvironmentBuildError(
            f"`{words} ...` failed: {tail}", "check the network and the lock, then run it again"
        )


def main() -> int:
    """Build the environment of each name that is given, and print its interpreter."""
    for name in sys.argv[1:]:
        python = ensure_environment(name, root=default_root(), base_python=Path(sys.executable))
        sys.stdout.write(f"{python}\n")
    return 0


if __name__ == "__main__":
    run(main)
