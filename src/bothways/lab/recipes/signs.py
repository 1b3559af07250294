"""Short words for signs: what is counted, where, and how often it must be there."""

from bothways.lab.model.scenario import Sign


def some(says: str, capture: str, match: str, *, at_least: int = 1, at_most: int | None = None) -> Sign:
    """Packets that a capture must have."""
    return Sign(says=says, capture=capture, match=match, at_least=at_least, at_most=at_most)


def none(says: str, capture: str, match: str) -> Sign:
    """Packets of which a capture must have none."""
    return Sign(says=says, capture=capture, match=match, at_least=0, at_most=0)


def hits(says: str, node: str, match: str, *, at_least: int = 1) -> Sign:
    """Packets that a node's rules must have met."""
    return Sign(says=says, ruleset=node, match=match, at_least=at_least)
