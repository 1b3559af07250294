"""Modules and functions stay small enough to be read at one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.repository import SOURCE, modules

LONGEST_MODULE = 500
LONGEST_FUNCTION = 40  # lines of a function that are neither blank nor its docstring


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef, source: str) -> int:
    first, last = function.lineno, function.end_lineno or function.lineno
    docstring: range = range(0)
    opening = function.body[0]
    if ast.get_docstring(function) is not None:
        docstring = range(opening.lineno, (opening.end_lineno or opening.lineno) + 1)
    lines = source.splitlines()
    return sum(1 for number in range(first, last + 1) if number not in docstring and lines[number - 1].strip())


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_function_is_too_long(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    long = {f.name: length(f, source) for f in functions(ast.parse(source)) if length(f, source) > LONGEST_FUNCTION}
    assert not long


def test_blank_lines_and_the_docstring_do_not_count() -> None:
    source = 'def f():\n    """One.\n\n    Two.\n    """\n\n    a = 1\n\n    # why\n    return a\n'
    (function,) = functions(ast.parse(source))
    assert length(function, source) == 4


def test_a_long_function_is_seen() -> None:
    source = "class C:\n    def f():\n" + "        a = 1\n" * LONGEST_FUNCTION
    (function,) = functions(ast.parse(source))
    assert length(function, source) == LONGEST_FUNCTION + 1
