"""From the rounds of a comparison to a verdict for each row. Pure: arrays in, values out.

1. `noise_floor`: base against base and the controls -> the spread of this run.
2. `evidence`: paired differences -> e-values and intervals, valid however often one looks.
3. `e_values`: e-values of all rows -> which are discoveries.
4. `verdict`: `PairedRow` -> `PairedVerdict`: worse, better, no change, cannot tell; or go on.

`policy` holds every threshold, with its reason.
"""
