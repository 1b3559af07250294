"""Scenarios as files in TOML, to be written by people and by this program alike.

A file need not say more than this (`bothways.lab.model.completed` has the rest):

    [network]
    nodes = [{ name = "client" }, { name = "router", router = true }, { name = "server" }]

    [[network.links]]
    a = { node = "client", interface = "eth0", addresses = ["192.0.2.1/28"] }
    b = { node = "router", interface = "inside", addresses = ["192.0.2.2/28"] }

    [[network.links]]
    a = { node = "router", interface = "outside", addresses = ["203.0.113.1/28"] }
    b = { node = "server", interface = "eth0", addresses = ["203.0.113.2/28"] }

    [[services]]
    node = "server"
    port = 80

    [[visits]]
    node = "client"
    to = "server"
    port = 80
"""

from pathlib import PurePath
from typing import Any

import msgspec
import tomli_w

from bothways.errors import InputError
from bothways.lab.model.checked import completed
from bothways.lab.model.scenario import Scenario

LARGEST = 1_000_000
"""Bytes of a file that are read."""

_WIDEST = 120
"""Characters of a line on which a list's entry stands alone; a longer one gets a paragraph."""

Table = dict[str, Any]


def read(text: bytes, name: str) -> Scenario:
    """Read a scenario, with everything filled in that it leaves out.

    Args:
        text: The file.
        name: The file's name, for what is to be said about it; the scenario has it too, if it has no other.

    Raises:
        InputError: it cannot be read, or cannot be run; says where and why.
    """
    if len(text) > LARGEST:
        message = f"{name}: longer than {LARGEST:,} bytes"
        raise InputError(message)
    try:
        said = msgspec.toml.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        message = f"{name}: not TOML: {_lower(str(error))}"
        raise InputError(message) from error
    try:
        return completed(msgspec.convert({"name": PurePath(name).stem, **said}, Scenario))
    except msgspec.ValidationError as error:
        what, _, key = str(error).partition(" - at `$")
        message = f"{name}: {key.rstrip('`').lstrip('.') or 'the file'}: {_lower(what)}"
        raise InputError(message) from error
    except InputError as error:
        message = f"{name}: {error}"
        raise InputError(message) from error


def write(scenario: Scenario) -> str:
    """Return a scenario as a file that `read` reads as the same, if it is complete."""
    return "\n".join(_paragraphs("", msgspec.to_builtins(scenario)))


def _paragraphs(key: str, table: Table, *, of_list: bool = False) -> list[str]:
    """A table's own lines under its title, and the tables inside of it; each paragraph ends with a line's end."""
    inner = {word: value for word, value in table.items() if _has_paragraphs(word, value, of_list=of_list)}
    lines = [_line(word, value) for word, value in table.items() if word not in inner]
    title = f"[[{key}]]" if of_list else f"[{key}]"
    paragraphs = ["\n".join([*([title] if key else []), *lines, ""])] if lines or of_list else []
    for word, value in inner.items():
        path = f"{key}.{_word(word)}" if key else _word(word)
        if isinstance(value, dict):
            paragraphs += _paragraphs(path, value)
        else:
            for entry in value:
                paragraphs += _paragraphs(path, entry, of_list=True)
    return paragraphs


def _has_paragraphs(word: str, value: object, *, of_list: bool) -> bool:
    """Whether a value is too much for lines: then it is a table, or a list of tables of which one is."""
    if of_list:
        return False
    if isinstance(value, dict):
        return not _fits(_line(word, value)) or any(isinstance(inner, dict | list) for inner in value.values())
    return isinstance(value, list) and any(isinstance(entry, dict) and not _fits(_entry(entry)) for entry in value)


def _line(word: str, value: object) -> str:
    if isinstance(value, list) and value and not _fits(f"{_word(word)} = {_inline(value)}"):
        return "\n".join((f"{_word(word)} = [", *(_entry(entry) for entry in value), "]"))
    return f"{_word(word)} = {_inline(value)}"


def _entry(value: object) -> str:
    return f"  {_inline(value)},"


def _fits(line: str) -> bool:
    return len(line) <= _WIDEST and "\n" not in line


def _inline(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_word(word)} = {_inline(inner)}" for word, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_inline(entry) for entry in value)}]"
    # A carriage return would not survive in a string of several lines: there, TOML lets it be left to the system.
    several_lines = isinstance(value, str) and "\n" in value and "\r" not in value
    return tomli_w.dumps({"_": value}, multiline_strings=several_lines).removeprefix("_ = ").rstrip("\n")


def _word(key: str) -> str:
    """A key, in quotes if it needs them."""
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
