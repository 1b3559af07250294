"""Targets that only hosts' own sockets know: connections that wait in vain, and ports that nobody can get into."""

from collections.abc import Sequence

from bothways.connections.targets import TargetKey
from bothways.evidence.case import CounterEvidence, SocketEvidence
from bothways.facts.full_queues import full_queues
from bothways.facts.stuck_sockets import stuck_sockets
from bothways.wire.address import network_of


def stuck_targets(listings: Sequence[SocketEvidence], counters: Sequence[CounterEvidence]) -> list[TargetKey]:
    """Servers of which at least one connection is stuck, then those whose accept queue is full and overflows.

    A listing does not say when it was made, so that no window of time leaves it out.
    """
    stuck = stuck_sockets(listings)
    keys = [TargetKey(server=item.server, network=network_of(item.client.address), name="") for item in stuck]
    known = {key.server for key in keys}
    full = [item.server for item in full_queues(listings, counters) if item.server not in known]
    return list(dict.fromkeys((*keys, *(TargetKey(server=server, network="", name="") for server in full))))
