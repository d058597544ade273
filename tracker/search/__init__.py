"""Where between two ends a metric stepped, from few measurements of commits. Pure.

1. `ends`: pairs of the ends -> `Ends`, whether they differ at all.
2. `exact`: counts by position -> `Step`s and the next commit to count.
3. `rounds`: `Round`, commits that were timed one after the other. `likelihood`: a round -> how well
   each step explains it; `prior`: what speaks for a commit beforehand.
4. `evidence`: all rounds -> `Evidence`; `posterior`: these and the prior -> `Posterior`, how
   probable each explanation is.
5. `choice`: `Posterior` -> the commits to measure next; `answer`: `Posterior` -> `Answer`;
   `again`: a commit beside its parent -> `Ends`.
6. `finding`: `Finding`, the answer with its checks.

`policy` holds every threshold.
"""
