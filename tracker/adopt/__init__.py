"""How a repository comes to be tracked.

1. `tracked_project`: a checkout -> `Tracked`, the configuration to measure with and the repository.
2. `layout`: a clone -> `Layout`, what there is; `installation`: the tracker itself ->
   `TrackerSource`, to pin.
3. `files`: both -> the files that `tracker init` writes.
4. `checks`: a clone and this machine -> `Diagnosis`, each with advice, for `tracker doctor`.
5. `noise_prediction`: base against base on this machine -> `Prediction`, the smallest change
   to be found.
"""
