"""Filters of a running network: rulesets, and the settings that come with connection tracking."""

from collections.abc import Sequence

from bothways.errors import InputError
from bothways.lab.box import settings
from bothways.lab.model.network import Node
from bothways.lab.world.nodes import run


def load(nodes: Sequence[Node]) -> None:
    """Load every node's ruleset (nft(8)).

    Raises:
        InputError: a ruleset or a setting is not understood; says whose, and what nft or the kernel said.
    """
    for node in nodes:
        if node.filter:
            done = run(node.name, "nft", "-f", "-", given=node.filter, check=False)
            if done.returncode:
                message = f"filter of {node.name}: {done.stderr.strip()}"
                raise InputError(message)
        settings.apply_to_filter(node)
