"""Starts counting in every interpreter that is started with this folder on its module path.

Python imports the first `sitecustomize` that it finds; the one that this hides is run afterwards.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

from benchmarks.harness.library.counting import hook

hook.start()

_OTHERS = [place for place in sys.path if Path(place) != Path(__file__).parent]
_HIDDEN = PathFinder.find_spec("sitecustomize", _OTHERS)
if _HIDDEN is not None and _HIDDEN.loader is not None:
    _HIDDEN.loader.exec_module(module_from_spec(_HIDDEN))
