"""Routers that a reply tells of though they do not answer themselves."""

from bothways.evidence.path_report import HopReply

INITIAL = 255
"""TTL of a label whose tunnel does not take over that of the packet (Junos `no-propagate-ttl`, IOS `no mpls ip
propagate-ttl`, by both manuals)."""

LONGEST_TUNNEL = 64
"""Routers in a row that a tunnel may have; what has lost more did not begin at `INITIAL`."""


def _passes_at_zero(reply: HopReply) -> bool:
    """Whether a router before the one that sent *reply* passed the probe on with no hops left, and is not seen."""
    return reply.quoted is not None and reply.quoted.ttl == 0


def _keeps_label(reply: HopReply) -> bool:
    """Whether the probe came under an outer label with hops left: those between the tunnel's ends did not answer."""
    return bool(reply.labels) and reply.labels[0].ttl is not None and reply.labels[0].ttl > 1


def hides(reply: HopReply) -> int | None:
    """How many routers stand unseen right before the one that sent *reply*; None for some, nobody knows how many."""
    if _keeps_label(reply):
        passed = INITIAL - (reply.labels[0].ttl or 0)
        return passed if passed <= LONGEST_TUNNEL else None
    return int(_passes_at_zero(reply))
