"""Where among the commits between two ends a metric stepped, from few and noisy measurements."""
