"""What is measured: one module per scenario; harness/ (no package, so asv skips it) measures."""
