"""What the two hosts' own packet filters dropped of the connection, by the counters of their rules.

A capture on a host sees what arrives before the host's filter does, and what leaves after it: a packet that was
captured coming in may still have been dropped. A host's filter is told from a firewall's by whose ruleset it is
(`Ruleset.vantage`). Hooks: nft(8), "CHAINS".
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.observer import Place
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.rule import Decision, Rule, Ruleset
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.rule_match import Filtered, as_read, dropping, meets, syn_ack
from bothways.facts.subject import Subject, seen_at
from bothways.facts.syn_offers import always_offered
from bothways.way import Way


class HostDrops(StrEnum):
    """What a host's own filter dropped."""

    OPENING = "opening"
    """The client's SYN."""
    OPTION = "option"
    """The client's SYN, for an option that it offers."""
    LATER = "later"
    """What the client sends after its SYN, and not the SYN."""
    REPLY = "reply"
    """What the server sends."""
    NONE = "none"
    """It counts, and no rule that can take the connection's packets has dropped anything."""


SERVER_RULE = Kind(
    id="server-rule",
    asks="What of the connection did the server's own packet filter drop?",
    family="server-rule",
    answers=HostDrops,
)
CLIENT_RULE = Kind(
    id="client-rule",
    asks="What of the connection did the client's own packet filter drop?",
    family="client-rule",
    answers=HostDrops,
)

_COMES_IN = frozenset({"input", "prerouting", "ingress"})
_GOES_OUT = frozenset({"output", "postrouting", "egress"})


class Hit(Struct, frozen=True, kw_only=True):
    """A rule that dropped packets, and what of the connection it takes."""

    file: str
    rule: Rule
    drops: HostDrops
    packet: Filtered


def server_rule(subject: Subject) -> Fact:
    """What the filter on the server's host dropped."""
    return _dropped_at(Place.SERVER, subject)


def client_rule(subject: Subject) -> Fact:
    """What the filter on the client's host dropped."""
    return _dropped_at(Place.CLIENT, subject)


def _dropped_at(place: Place, subject: Subject) -> Fact:
    kind = SERVER_RULE if place is Place.SERVER else CLIENT_RULE
    rulesets = [ruleset for ruleset in subject.rules if ruleset.vantage == place.value]
    if not any(rule.packets is not None for ruleset in rulesets for rule in ruleset.rules):
        return unknown(kind, f"no ruleset of the {place.value} with counters is at hand")
    packets = packets_at(place, subject)
    found = sorted(hits(rulesets, packets), key=lambda hit: -(hit.rule.packets or 0))
    if found:
        return _fact(kind, found[0], subject, place)
    if any(hits([as_read(ruleset) for ruleset in rulesets], packets)):
        return unknown(kind, f"a rule of the {place.value} that dropped packets asks for more than is understood")
    if any(policy is Decision.DROP for ruleset in rulesets for _, _, policy in ruleset.policies):
        return unknown(kind, f"what the policies of the {place.value}'s chains dropped is not counted")
    says = f"no rule of the {place.value}'s own filter has dropped packets that the connection can have sent"
    cites = (Citation(file=rulesets[0].file),)
    # Rules may be loaded anew, and their counters with them.
    return Fact(kind=kind, answer=HostDrops.NONE, says=says, vantage=place.value, cites=cites, sure=False)


def _fact(kind: Kind, hit: Hit, subject: Subject, place: Place) -> Fact:
    counted = hit.rule.packets or 0
    return Fact(
        kind=kind,
        answer=hit.drops,
        says=f"a rule of the {place.value}'s own filter that asks `{hit.rule.text}` dropped {counted} packets",
        way=hit.packet.way,
        vantage=place.value,
        cites=(Citation(file=hit.file, line=hit.rule.line),),
        decisive=accounts_for(hit, subject, place),
    )


def accounts_for(hit: Hit, subject: Subject, place: Place) -> bool:
    """Whether the rule can have dropped all such packets of the failed connections.

    One about anybody's packets, or one that dropped fewer than arrived, may have met others.
    """
    return _is_about(hit.rule) and 0 < _arrived(hit, subject, place) <= (hit.rule.packets or 0)


def _is_about(rule: Rule) -> bool:
    """Whether a rule names a port or an address: one that asks for a state alone meets strangers' packets too."""
    return bool(rule.destination_ports or rule.source_ports or rule.destinations or rule.sources)


def _arrived(hit: Hit, subject: Subject, place: Place) -> int:
    """How many such packets of the failed connections that were looked at the host's own capture shows."""
    shown = [seen.segments(hit.packet.way) for item in subject.exemplars if (seen := seen_at(item, place)) is not None]
    opens = hit.drops in {HostDrops.OPENING, HostDrops.OPTION}
    return sum(segment.is_syn == opens and not segment.is_reset for segments in shown for segment in segments)


def packets_at(place: Place, subject: Subject) -> Mapping[HostDrops, Filtered]:
    """The opening SYN, what follows it, and the SYN+ACK, under the addresses that *place* knows them by.

    A SYN that is taken for what it offers is not taken without it.
    """
    client, server = _ends(place, subject)
    there = _COMES_IN if place is Place.SERVER else _GOES_OUT
    back = _GOES_OUT if place is Place.SERVER else _COMES_IN
    later = frozenset({"established", "invalid", "untracked"})
    plain = Filtered(
        way=Way.THERE,
        source=client,
        destination=server,
        flags=frozenset({"syn"}),
        states=frozenset({"new", "untracked"}),
        hooks=there,
    )
    return {
        HostDrops.OPENING: plain,
        HostDrops.OPTION: replace(plain, offered=always_offered(subject)),
        HostDrops.LATER: Filtered(
            way=Way.THERE, source=client, destination=server, flags=frozenset({"ack"}), states=later, hooks=there
        ),
        HostDrops.REPLY: syn_ack(client, server, back),
    }


def _ends(place: Place, subject: Subject) -> tuple[Endpoint | None, Endpoint | None]:
    """Client and server as the host at *place* has them; its own capture tells, else each knows only itself."""
    seen = next((seen for item in subject.exemplars if (seen := seen_at(item, place)) is not None), None)
    if seen is not None:
        return Endpoint(seen.sides.client.address, 0), seen.sides.server
    if place is Place.SERVER:
        return None, subject.server
    return (Endpoint(subject.client, 0) if subject.client else None), subject.server


def hits(rulesets: Sequence[Ruleset], packets: Mapping[HostDrops, Filtered]) -> Iterator[Hit]:
    """Rules that dropped, each with the first packet of a connection that it takes."""
    for ruleset in rulesets:
        for rule in dropping(ruleset):
            drops = next((key for key, packet in packets.items() if meets(ruleset, rule, packet)), None)
            if drops is not None:
                yield Hit(file=ruleset.file, rule=rule, drops=drops, packet=packets[drops])
