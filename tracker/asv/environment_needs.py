"""What asv needs on this machine to make the environments of a configuration."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from asv import environment, plugin_manager, util  # noqa: F401 - loads the types that asv knows

from tracker.asv.failure_messages import ADD_ENVIRONMENT_TYPE, EXISTING_ONLY, NO_ENVIRONMENT_TYPE

_INSTALL = "install it; in a workflow, by the inputs `python-versions` or `before`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An interpreter or a tool.

    Attributes:
        finding: that it is installed, or that it is not.
        advice: the next step, "" where it is installed.
    """

    finding: str
    advice: str = ""


NO_OTHER_COMMIT = Need(
    finding=EXISTING_ONLY,
    advice='set "environment_type": "virtualenv", and versions of Python as `pythons`',
)


def environment_needs(conf: Any) -> Iterator[Need]:
    """Give what *conf*, a configuration that asv has read, asks for, by asv's own search.

    asv makes environments by what is installed beside it. What exists it takes as it is, and no
    commit can be installed there: by its type, an interpreter by its path, and `same` for its own.
    """
    try:
        kind = environment.get_environment_class_by_name(conf.environment_type)
    except environment.EnvironmentUnavailable:
        if not conf.plugins:  # which may bring a type along
            yield _unknown_type(conf.environment_type)
        return
    for python in map(str, conf.pythons or ()):
        if kind is environment.ExistingEnvironment or "/" in python or python == "same":
            yield NO_OTHER_COMMIT
            return
        if kind.tool_name == "virtualenv":
            yield _tool(f"python{python}", is_here=kind.matches(python))
    if kind.tool_name == "conda":
        yield _tool("conda", is_here=bool(os.environ.get("CONDA_EXE") or shutil.which("conda")))


def _unknown_type(name: str | None) -> Need:
    if not name:
        return Need(finding=NO_ENVIRONMENT_TYPE, advice=ADD_ENVIRONMENT_TYPE)
    kinds = util.iter_subclasses(environment.Environment)
    known = ", ".join(sorted(kind.tool_name for kind in kinds if kind.tool_name))
    return Need(
        finding=f"asv has no environment type {name} here",
        advice=f"choose one of {known}, or install beside the tracker what {name} needs",
    )


def _tool(name: str, *, is_here: bool) -> Need:
    if is_here:
        return Need(finding=f"{name} is installed")
    return Need(finding=f"{name}, which the configuration names, is not installed", advice=_INSTALL)
