"""Targets that only hosts' own sockets know: connections that wait in vain at the moment of the listing."""

from collections.abc import Sequence

from bothways.connections.targets import TargetKey, network_of
from bothways.evidence.case import SocketEvidence
from bothways.facts.stuck_sockets import stuck_sockets


def stuck_targets(listings: Sequence[SocketEvidence]) -> list[TargetKey]:
    """Servers of which at least one connection is stuck, in the order of the evidence."""
    stuck = stuck_sockets(listings)
    keys = (TargetKey(server=item.server, network=network_of(item.client.address), name="") for item in stuck)
    return list(dict.fromkeys(keys))
