"""Which rows of a comparison stand for others."""

from collections.abc import Callable, Iterable

from tracker.model.comparison import Row


def first_of_each[T](items: Iterable[T], kind: Callable[[T], str]) -> list[T]:
    """Return the first of *items* of each *kind*, and all whose kind is "".

    >>> first_of_each(["a1", "b1", "a2", "b2"], lambda item: item[0].strip("b"))
    ['a1', 'b1', 'b2']
    """
    seen: set[str] = set()
    chosen = []
    for item in items:
        name = kind(item)
        if name not in seen:
            chosen.append(item)
        if name:
            seen.add(name)
    return chosen


def repeated(row: Row, *, gates: bool) -> str:
    """The metric, of which one scenario is enough: a count that does not gate is evidence."""
    return row.metric if row.counted and not gates else ""
