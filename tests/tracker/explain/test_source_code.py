"""Which functions differ between two commits."""

import pytest

from tests.support.explained import BASE
from tracker.explain.source_code import compare_sources, functions_in

FILE = "lib/driver.py"


def changed(head: str) -> tuple[str, ...]:
    """Names of the functions that differ from the base."""
    return tuple(name for _, name in compare_sources({FILE: BASE}, {FILE: head}).changed())


def test_functions_have_the_names_that_python_gives_them():
    """Methods, inner functions and the module itself are told as `co_qualname` tells them."""
    assert set(functions_in(BASE)) == {
        "<module>", "Driver.ack", "Driver.take", "run", "run.<locals>.inner",
    }  # fmt: skip
    space: dict[str, object] = {}
    exec(compile(BASE, FILE, "exec"), space)  # noqa: S102 - our own text
    run = space["run"]
    names = {const.co_qualname for const in run.__code__.co_consts if hasattr(const, "co_qualname")}
    assert names == {"run.<locals>.inner"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Acknowledge."""', '"""Acknowledge a task."""'),
        ('"""Speaks to the broker."""', '"""Speaks to a broker."""'),
        ("\n\nclass Driver", "\n# a comment\n\n\n\nclass Driver"),
        ("    def inner():\n        return task()", "    def inner():\n        return  task( )"),
    ],
)
def test_what_runs_the_same_is_no_difference(old: str, new: str):
    """Docstrings, comments, places and spaces are none."""
    assert changed(BASE.replace(old, new) if old in BASE else "# a comment\n\n" + BASE) == ()


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("return task()", "return task(1)", ("run.<locals>.inner",)),
        ("    return inner()", "    return inner() or 1", ("run",)),
        ('lmove("q", "p")', 'lmove("q", "r")', ("Driver.take",)),
        ("    async def take", "    @cached\n    async def take", ("Driver.take",)),
        ("class Driver:", "import abc\n\nclass Driver:", ("<module>",)),
        ("class Driver:", "class Driver(Base):", ("<module>",)),
        ("    async def take", "    PATTERN = '(a+)+b'\n\n    async def take", ("<module>",)),
    ],
)
def test_only_the_function_that_differs_is_named(old: str, new: str, names: tuple[str, ...]):
    """An inner function does not change the outer one, nor a method its class's others."""
    assert changed(BASE.replace(old, new)) == names


def test_calls_that_came_are_told_also_where_there_were_some():
    """A second call of the same name is new."""
    head = BASE.replace('"q", 1, task)', '"q", 1, task)\n        await self.client.lrem("r", 1, 2)')
    code = compare_sources({FILE: BASE}, {FILE: head})
    assert code.new_calls((FILE, "Driver.ack")) == ("lrem",)
    assert code.place((FILE, "Driver.ack")) == f"{FILE}:5"


def test_a_file_that_is_no_python_has_no_functions():
    """Python of another version costs itself, not the explanation."""
    assert functions_in("def f(:\n") == {}
    assert functions_in("print 'two'") == {}
    assert compare_sources({FILE: BASE}, {FILE: "def f(:"}).changed()
