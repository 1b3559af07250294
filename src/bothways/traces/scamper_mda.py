"""scamper's `tracelb`: the routers that share load between two hosts, as links between nodes.

A node is a router, each of its links a list of what was met one, two and more distances behind it (`*` where nobody
answered), with the probes that met it (scamper_tracelb_json.c).
"""

from collections.abc import Iterator

from bothways.evidence.path_report import HopReply
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.traces.icmp_marks import mark_of
from bothways.traces.json_values import Value, address, listed, member, milliseconds, octet, whole, words
from bothways.traces.runs import MOST_HOPS

MOST_ANSWERS = 20_000
"""Replies of one measurement that are read: it sends 3000 probes unless it is told otherwise."""


def balanced(record: Value) -> Iterator[tuple[int, HopReply | None]]:
    """Who answered at which distance, in the order of the nodes; None for a distance where nobody did."""
    first = whole(member(record, "firsthop"), 1, MOST_HOPS) or 1
    v6 = ":" in str(member(record, "dst"))
    where: dict[str, int] = {}
    names = {address(member(node, "addr")): words(member(node, "name")) for node in listed(member(record, "nodes"))}
    left = MOST_ANSWERS
    for node in listed(member(record, "nodes")):
        own = address(member(node, "addr"))
        distance = where.get(own or "") or _before_its_probes(node) or first
        if own and own not in where:
            where[own] = distance
            yield distance, HopReply(name=names.get(own), address=own)
        for index, link in _links(node, distance):
            for answer in _answers(link, index, names, v6=v6):
                if answer[1] is not None and answer[1].address:
                    where.setdefault(answer[1].address, answer[0])
                yield answer
                left -= 1
                if not left:
                    return


def _before_its_probes(node: Value) -> int | None:
    """The distance of *node*, one before that of the probes that met what is behind it."""
    for index, link in _links(node, 0):
        for probe in listed(member(link, "probes")):
            ttl = whole(member(probe, "ttl"), 2, MOST_HOPS)
            if ttl is not None and ttl > index:
                return ttl - index
    return None


def _links(node: Value, distance: int) -> Iterator[tuple[int, Value]]:
    """The links of *node*, each with the distance that it leads to."""
    for behind, group in enumerate(listed(member(node, "links")), distance + 1):
        # Tables of M-Lab have an object where scamper has an array in an array.
        links = listed(member(group, "Links")) if isinstance(group, dict) else listed(group)
        for link in links:
            yield behind, link


def _answers(
    link: Value, index: int, names: dict[str | None, str | None], *, v6: bool
) -> Iterator[tuple[int, HopReply | None]]:
    host = address(member(link, "addr"))
    if host is None:
        yield index, None
    for probe in listed(member(link, "probes")):
        at = whole(member(probe, "ttl"), 1, MOST_HOPS) or index
        for reply in listed(member(probe, "replies")):
            yield at, _reply(reply, host, names.get(host), v6=v6)


def _reply(reply: Value, host: str | None, name: str | None, *, v6: bool) -> HopReply:
    trip = milliseconds(member(reply, "rtt"))
    ttl, tos = octet(member(reply, "icmp_q_ttl")), octet(member(reply, "icmp_q_tos"))
    return HopReply(
        name=name,
        address=host,
        marks=mark_of(octet(member(reply, "icmp_type")), octet(member(reply, "icmp_code")), v6=v6),
        round_trips=() if trip is None else (trip,),
        reply_ttl=octet(member(reply, "ttl")),
        quoted=None if ttl is None and tos is None else QuotedProbe(ttl=ttl, tos=tos),
    )
