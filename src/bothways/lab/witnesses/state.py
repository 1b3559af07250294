"""What a filter's kernel knows of connections, and the rules that it goes by: conntrack(8) and nft(8)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bothways.lab.witnesses.changes import Changes
from bothways.lab.world import nodes

# Whatever translates addresses stands in a chain of type nat (nft(8), "NAT STATEMENTS").
_TRACKS = re.compile(r"\b(?:ct|type nat|synproxy|flow add)\b")
_QUOTED = re.compile(r'"[^"]*"')


def tracks(ruleset: str) -> bool:
    """Whether a ruleset, as nft(8) lists it, makes the kernel track connections."""
    return _TRACKS.search(_QUOTED.sub("", ruleset)) is not None


@contextmanager
def watching(names: Sequence[str], folder: Path) -> Iterator[None]:
    """Watch the filters of some nodes while the body runs; their rulesets are loaded.

    Writes, for each node that has a ruleset, NODE.nft.txt with the counters of the end; and if it tracks connections
    NODE.conntrack-events.txt, all changes from the start on, NODE.conntrack-list.txt, what is left at the end, and
    NODE.conntrack-stats.txt. After a body that fails only the events are there, as far as they were told.

    Raises:
        IncompleteError: changes were not told.
        ProgramError: conntrack or nft failed.
    """
    with ExitStack() as stack:
        logs: dict[str, Changes] = {}
        for name in names:
            if tracks(_ruleset(name)):
                logs[name] = Changes(name, folder)
                stack.enter_context(logs[name].witness)
        for log in logs.values():
            log.begin()
        yield
        for name, log in logs.items():
            log.end()
            # Both of its voices, as a terminal shows them: the entries, and how many there are.
            listed = nodes.run(name, "conntrack", "-L")
            (folder / f"{name}.conntrack-list.txt").write_text(listed.stdout + listed.stderr)
            (folder / f"{name}.conntrack-stats.txt").write_text(nodes.run(name, "conntrack", "-S").stdout)
        for name in names:
            ruleset = _ruleset(name)
            if ruleset:
                (folder / f"{name}.nft.txt").write_text(ruleset)


def _ruleset(node: str) -> str:
    return nodes.run(node, "nft", "list", "ruleset").stdout
