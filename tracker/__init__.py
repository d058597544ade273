"""asynctasq-tracker: what benchmark results mean, and telling people about it.

docs/architecture.md shows the rooms. `errors`: what can go wrong, with exit codes; `units`: the
only formatter of quantities.
"""
