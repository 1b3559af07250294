"""How every node of a network forwards, as ip(8) has it in JSON."""

import json
from collections.abc import Sequence
from pathlib import Path

from bothways.lab.world import nodes

FOLDER = "routers"

QUESTIONS = {
    "routes": ("-4", "route", "show", "table", "all"),
    "routes6": ("-6", "route", "show", "table", "all"),
    "rules": ("-4", "rule"),
    "rules6": ("-6", "rule"),
    "addresses": ("addr",),
}
"""What `ip -j` is asked, by the key of its answer."""


def ask(names: Sequence[str], folder: Path) -> None:
    """Write routers/NODE.json for each node: an object of its name as `node`, and ip's answers by their keys.

    Raises:
        ProgramError: ip failed.
    """
    (folder / FOLDER).mkdir()
    for name in names:
        answers = {key: _answer(name, *words) for key, words in QUESTIONS.items()}
        (folder / FOLDER / f"{name}.json").write_text(json.dumps({"node": name, **answers}, indent=1) + "\n")


def _answer(node: str, *words: str) -> object:
    said = nodes.run(node, "ip", "-j", *words).stdout
    # Of a family that a kernel does not have, ip says nothing at all.
    return json.loads(said) if said.strip() else []
