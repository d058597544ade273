"""Locked environments: one per library, one for the harness. Standard library only.

An environment is built by uv from `benchmarks/locks/<name>.txt` (with hashes) into
`<root>/<name>-<key8>`, where the key is made of the lock's text and the interpreter: it is rebuilt
when either changes and never altered. Building happens aside and ends with a rename, under a file
lock, so two measurements can ask at once and a killed build leaves nothing half-made.
"""

from pathlib import Path

HARNESS = "harness"
LOCKS = Path(__file__).parents[1] / "locks"


def default_root() -> Path:
    """`<ASV_CONF_DIR or the repository>/.asv/libraries`."""
    raise NotImplementedError


def ensure_environment(name: str, *, root: Path, base_python: Path) -> Path:
    """The interpreter of the environment *name*, built if there is none yet.

    Args:
        name: a library of the registry, or `HARNESS`.
        root: folder of all environments.
        base_python: an interpreter of the wanted version (a virtual one will do).

    Raises:
        EnvironmentBuildError: uv is missing, or the lock cannot be installed; it says which.
    """
    raise NotImplementedError((name, root, base_python))
