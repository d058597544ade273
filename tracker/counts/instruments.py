"""Which instrument of the harness counts a metric (docs/counting.md)."""

FUNCTIONS, ALLOCATIONS = "functions", "allocations"
BROKER, INSTRUCTIONS = "broker", "instructions"
QUICK = (FUNCTIONS, ALLOCATIONS, BROKER)
"""All but instructions, which take most of the time."""

_BY_WORD = {
    "instructions": INSTRUCTIONS,
    "allocations": ALLOCATIONS,
    "lines": FUNCTIONS,
    "calls": FUNCTIONS,
    "modules": FUNCTIONS,
}


def instrument_of(name: str) -> str:
    """The only instrument that is needed for the metric *name*.

    >>> instrument_of("enqueue_all_lines_per_task"), instrument_of("bytes_sent_per_task")
    ('functions', 'broker')
    """
    return next((_BY_WORD[word] for word in name.split("_") if word in _BY_WORD), BROKER)
