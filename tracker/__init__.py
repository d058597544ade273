"""asynctasq-tracker: what benchmark results mean, and telling people about it."""
