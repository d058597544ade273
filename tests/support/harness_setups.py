"""A harness that is a few lines of Python, started as the real one is."""

import sys
from pathlib import Path

from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.turn_parts import divide
from tracker.model.catalogue import METRICS


def stand_in(root: Path, code: str, *arguments: str) -> HarnessSetup:
    """The setup of a comparison in *root* whose harness is *code*."""
    return HarnessSetup(
        root=root,
        command=(sys.executable, "-c", code, *arguments),
        project="asynctasq",
        pythons={},
        control="",
        size="quick",
        describe=lambda benchmark, _unit: METRICS[benchmark.rpartition("track_")[2]],
        parts=divide("quick", 120, 1),
    )
