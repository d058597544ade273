"""One module per format, each with `NAME`, `recognise` and `parse`. Pure.

1. `document`: bytes -> `Document`, decoded, of no known format yet.
2. `recognition`: a `Document` -> the format it is of.
3. `bencher`, `criterion`, `github_action_benchmark`, `google_benchmark`, `hyperfine`, `pyperf`,
   `pytest_benchmark`: a `Document` -> `ImportedRun`s of `Measurement`s.
"""
