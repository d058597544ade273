"""Which functions of a library differ between two commits, read from its sources.

A function is told as Python names it (`Class.method`, `outer.<locals>.inner`); comments,
docstrings and where it stands in its file are no difference.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracker.model.explanation import CodeState

MODULE = "<module>"

type FunctionName = tuple[str, str]
"""File, from its package on, and qualified name."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of one commit; the code of a module that is in none counts as one.

    Attributes:
        line: its first one, from 1.
        shape: its syntax without names of places; equal where the code is.
        called: last part of the names of what it calls, with how often that is written.
        texts: the string constants in it.
        imported: modules that it imports.
    """

    line: int
    shape: str
    called: Counter[str]
    texts: frozenset[str]
    imported: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """The functions of both commits."""

    base: Mapping[FunctionName, Function]
    head: Mapping[FunctionName, Function]

    def differs(self, name: FunctionName) -> bool:
        """Whether the function is not the same in both."""
        return self.state(name).differs

    def state(self, name: FunctionName) -> CodeState:
        """What became of the function; nothing is known of one that no source has."""
        one, other = self.base.get(name), self.head.get(name)
        if one is None or other is None:
            return CodeState.REMOVED if one else CodeState.ADDED if other else CodeState.UNKNOWN
        return CodeState.UNCHANGED if one.shape == other.shape else CodeState.CHANGED

    def place(self, name: FunctionName) -> str:
        """File and line in head, else in base; the file alone where the function is in neither."""
        found = self.head.get(name) or self.base.get(name)
        return f"{name[0]}:{found.line}" if found else name[0]

    def new_calls(self, name: FunctionName) -> tuple[str, ...]:
        """What is called in head, and not or less often in base."""
        return tuple(_called(self.head, name) - _called(self.base, name))

    def called(self, name: FunctionName) -> tuple[str, ...]:
        """What is called in base or in head."""
        return tuple(_called(self.base, name) | _called(self.head, name))

    def changed(self) -> tuple[FunctionName, ...]:
        """All functions that differ, in the order of their names."""
        return tuple(name for name in sorted({*self.base, *self.head}) if self.differs(name))

    def new_imports(self) -> tuple[str, ...]:
        """Modules that head imports and base does not."""
        one, other = ({m for f in side.values() for m in f.imported} for side in self.sides)
        return tuple(sorted(other - one))

    @property
    def sides(self) -> tuple[Mapping[FunctionName, Function], Mapping[FunctionName, Function]]:
        """Base and head."""
        return self.base, self.head


def _called(side: Mapping[FunctionName, Function], name: FunctionName) -> Counter[str]:
    return side[name].called if name in side else Counter()


def compare_sources(base: Mapping[str, str], head: Mapping[str, str]) -> CodeChange:
    """Read the functions of both commits: *base* and *head* map files to their texts."""
    return CodeChange(base=_all_functions(base), head=_all_functions(head))


def _all_functions(sources: Mapping[str, str]) -> dict[FunctionName, Function]:
    return {
        (file, name): function
        for file, text in sources.items()
        for name, function in functions_in(text).items()
    }


@lru_cache(maxsize=1024)  # most files are the same from one commit to the next
def functions_in(text: str) -> Mapping[str, Function]:
    r"""Return the functions of one file by qualified name; none where it is not valid Python.

    >>> found = functions_in("class A:\n    def b(self):\n        return c.d(1)\n")
    >>> found["A.b"].line, found["A.b"].called
    (2, Counter({'d': 1}))
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    return dict(_walk(tree, ""))


def _walk(scope: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for node in list(_inner_scopes(scope)):  # before describing the scope takes them out of it
        name = f"{prefix}{node.name}."
        yield from _walk(node, f"{name}<locals>." if isinstance(node, _FUNCTIONS) else name)
    if isinstance(scope, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
        name = prefix.removesuffix(".").removesuffix(".<locals>") or MODULE
        yield name, _describe(scope)


def _inner_scopes(
    scope: ast.AST,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, _SCOPES):
            yield node
        else:
            yield from _inner_scopes(node)


def _describe(scope: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    own = _Pruned().visit_own(scope)
    called, texts, imported = Counter[str](), set[str](), set[str]()
    for node in ast.walk(own):
        if isinstance(node, ast.Call):
            called[_last_name(node.func)] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.add(node.module)
    return Function(
        line=getattr(scope, "lineno", 1),
        shape=ast.dump(own),
        called=called,
        texts=frozenset(texts),
        imported=frozenset(imported),
    )


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class _Pruned(ast.NodeTransformer):
    """Takes inner functions and docstrings out of a scope, and methods out of its classes."""

    def visit_own[T: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef](
        self, scope: T
    ) -> T:
        """Return *scope*, which is changed."""
        if scope.body and _is_text(scope.body[0]):
            scope.body = scope.body[1:]
        self.generic_visit(scope)
        return scope

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """An inner function is one of its own."""
        del node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """An inner function is one of its own."""
        del node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Its methods are functions of their own; its attributes are the scope's around it."""
        return self.visit_own(node)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
