"""Change points of one series. Pure: arrays of floats in, values out.

1. `point_estimates`: values and repeats -> `Points`, one number per commit.
2. `noise`: these -> `Noise`, the scale and the memory of what varies from commit to commit.
3. `candidates`: numbers and noise -> places worth a closer look.
4. `density`, `evidence`: a place -> a p-value, by the shape of the series' own noise, which is
   learnt once around the same cuts (`fits`).
5. `wandering_level`, `drift`: what a wandering level or a ramp explains is left out.
6. `placement`, `change_records`: what remains -> `Change`, with intervals for place and size.
7. `steps`: all of it, `find_changes(values, samples) -> list[Change]`.

`policy` holds every constant, with its reason.
"""

from tracker.detect.steps import Detection, find_changes
from tracker.model import Change

__all__ = ["Change", "Detection", "find_changes"]
