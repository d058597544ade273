"""How a project is built whose configuration does not say it.

asv 0.6.6 makes wheels of the dependencies, too, and then cannot tell which is the project's.
"""

from typing import Any

BUILD_COMMAND = ["python -m pip wheel --no-deps -w {build_cache_dir} {build_dir}"]


def complete_build(conf: Any) -> Any:
    """Return asv's configuration *conf*, which gets a build command where it has none."""
    if conf.build_command is None:
        conf.build_command = BUILD_COMMAND
    return conf
