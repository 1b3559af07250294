"""Sees in a module's source what an import linter cannot: the ways to the outside world that need no import.

Names are followed through the module's own imports (`from gzip import open as o` is still `gzip.open`), and mentioning
a forbidden function is as bad as calling it, because `map(print, ...)` calls it too.
"""

import ast
from collections.abc import Iterable, Iterator

FORBIDDEN_BUILTINS = frozenset(
    {"open", "print", "input", "exec", "eval", "compile", "breakpoint", "__import__", "help"}
)

# Beside what the import law forbids; a dotted name stands for all below it as well.
FORBIDDEN_NAMES = (
    "builtins",
    "bz2.open",
    "codecs.open",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "gzip.open",
    "importlib.import_module",
    "io.FileIO",
    "io.open",
    "io.open_code",
    "lzma.open",
    "secrets",
    "sys.argv",
    "sys.exit",
    "sys.stderr",
    "sys.stdin",
    "sys.stdout",
    "uuid.uuid1",
    "uuid.uuid4",
)

# Classes that open a path when given one, and take bytes in a wrapper. The keyword is where the wrapper may also go.
ARCHIVES = {
    "bz2.BZ2File": "filename",
    "gzip.GzipFile": "fileobj",
    "lzma.LZMAFile": "filename",
    "tarfile.TarFile": "fileobj",
    "tarfile.open": "fileobj",
    "zipfile.ZipFile": "file",
}

FORBIDDEN_METHODS = frozenset(
    {"read_text", "write_text", "read_bytes", "write_bytes", "open", "unlink", "mkdir", "iterdir", "rglob"}
)

# The program's own templates are part of the program.
RESOURCES = "importlib.resources"


def breaches(source: str, forbidden_modules: Iterable[str]) -> Iterator[str]:
    """Say, line by line, how a module that should be pure reaches the outside world."""
    tree = ast.parse(source)
    forbidden = (*FORBIDDEN_NAMES, *forbidden_modules)
    names = _imported_names(tree)
    for node in ast.walk(tree):
        for what in _breaches_of(node, names, forbidden):
            yield f"line {getattr(node, 'lineno', 0)}: {what}"


def _breaches_of(node: ast.AST, names: dict[str, str], forbidden: tuple[str, ...]) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (f"imports {alias.name}" for alias in aliases if _is_under(alias.name, forbidden))
        case ast.ImportFrom(module=str(module), names=aliases):
            members = (f"{module}.{alias.name}" for alias in aliases)
            yield from (f"imports {member}" for member in members if _is_under(member, forbidden))
        case ast.Name(id=name, ctx=ast.Load()) if name in FORBIDDEN_BUILTINS and name not in names:
            yield f"uses {name}"
        case ast.Name() | ast.Attribute() if _is_under(dotted := _dotted(node, names), forbidden):
            yield f"uses {dotted}"
        case ast.Call():
            yield from _breaches_of_call(node, names)
        case _:
            pass


def _breaches_of_call(call: ast.Call, names: dict[str, str]) -> Iterator[str]:
    dotted = _dotted(call.func, names)
    if dotted in ARCHIVES:
        if not _wraps_bytes(call, ARCHIVES[dotted], names):
            yield f"calls {dotted} on something other than io.BytesIO(...)"
    elif isinstance(call.func, ast.Attribute) and call.func.attr in FORBIDDEN_METHODS:
        root = _dotted(_root(call.func), names)
        if not _is_under(root, (RESOURCES,)):
            yield f"calls .{call.func.attr}()"


def _wraps_bytes(call: ast.Call, keyword: str, names: dict[str, str]) -> bool:
    given = [*call.args[:1], *(argument.value for argument in call.keywords if argument.arg == keyword)]
    return any(isinstance(value, ast.Call) and _dotted(value.func, names) == "io.BytesIO" for value in given)


def _imported_names(tree: ast.AST) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    top = alias.name.partition(".")[0]
                    names[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom(module=str(module), names=aliases):
                names |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in aliases}
            case _:
                pass
    return names


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return names.get(name, "")
        case ast.Attribute(value=value, attr=attribute) if base := _dotted(value, names):
            return f"{base}.{attribute}"
        case _:
            return ""


def _root(node: ast.AST) -> ast.AST:
    """Descend `files("x").joinpath("y").read_text` to `files`, and `(files("x") / "y").read_text` too."""
    while True:
        match node:
            case ast.Attribute(value=ast.Name()) | ast.Name():
                return node
            case ast.Attribute(value=inner) | ast.Call(func=inner) | ast.BinOp(left=inner):
                node = inner
            case _:
                return node


def _is_under(dotted: str, prefixes: Iterable[str]) -> bool:
    return any(dotted == prefix or dotted.startswith(f"{prefix}.") for prefix in prefixes)
