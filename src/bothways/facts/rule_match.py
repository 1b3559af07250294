"""Whether a rule of a packet filter can take a packet of the connection, and no rule before it takes it away."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from msgspec import Struct
from msgspec.structs import replace

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.rule import Decision, Rule, Ruleset
from bothways.facts.flag_match import Flags, reading
from bothways.facts.syn_offers import is_about
from bothways.way import Way

_DROPS = frozenset({Decision.DROP, Decision.REJECT_RESET, Decision.REJECT_ICMP})
_ODD = frozenset({"invalid", "untracked"})
"""What connection tracking calls packets of a sound connection only where something is wrong."""


class Filtered(Struct, frozen=True, kw_only=True):
    """A packet of the connection as a filter meets it."""

    way: Way
    source: Endpoint | None
    """None where its address is not known at this filter: somebody may have translated it. Port 0 is any."""

    destination: Endpoint | None
    flags: Flags
    states: frozenset[str]
    """What connection tracking can call it."""

    hooks: frozenset[str]
    """Where it can meet a chain (nft(8))."""

    offered: frozenset[str] = frozenset()
    """Options that it surely bears (`bothways.facts.syn_offers`)."""


def syn_ack(client: Endpoint | None, server: Endpoint | None, hooks: frozenset[str]) -> Filtered:
    """The server's SYN+ACK. Where connection tracking missed the SYN it calls it invalid."""
    return Filtered(
        way=Way.BACK,
        source=server,
        destination=client,
        flags=frozenset({"syn", "ack"}),
        states=frozenset({"established"}) | _ODD,
        hooks=hooks,
    )


def dropping(ruleset: Ruleset) -> Iterator[Rule]:
    """Rules that have dropped something."""
    return (rule for rule in ruleset.rules if rule.decision in _DROPS and rule.packets)


def meets(ruleset: Ruleset, rule: Rule, packet: Filtered) -> bool:
    """Whether *packet* can come to *rule* and be taken by it: an earlier rule of its chain may accept it before."""
    return _takes(rule, packet) and not spared(ruleset, rule, packet)


def spared(ruleset: Ruleset, rule: Rule, packet: Filtered) -> bool:
    """Whether an earlier rule of the same chain surely accepts *packet* before it comes to *rule*."""
    before = ruleset.rules[: ruleset.rules.index(rule)]
    return any(_spares(one, packet) for one in before if (one.table, one.chain) == (rule.table, rule.chain))


def as_read(ruleset: Ruleset) -> Ruleset:
    """The ruleset without what its rules ask beyond what is understood."""
    return replace(ruleset, rules=tuple(replace(rule, unread=(), tcp_options=frozenset()) for rule in ruleset.rules))


def _spares(rule: Rule, packet: Filtered) -> bool:
    """Whether *rule* surely accepts *packet*."""
    every_state = not rule.states or rule.states >= packet.states - _ODD
    return rule.decision is Decision.ACCEPT and every_state and not rule.interfaces and _takes(rule, packet)


def _takes(rule: Rule, packet: Filtered) -> bool:
    if rule.unread or (rule.protocols and not rule.protocols & {"tcp", "6"}):
        return False
    if rule.hook is not None and rule.hook not in packet.hooks:
        return False
    if (rule.states and not rule.states & packet.states) or not is_about(rule, packet.offered):
        return False
    if rule.tcp_flags is not None:
        match = reading(rule.tcp_flags)
        if match is None or not match(packet.flags):
            return False
    return _suits(packet.source, rule.sources, rule.source_ports, negated=rule.sources_negated) and _suits(
        packet.destination, rule.destinations, rule.destination_ports, negated=rule.destinations_negated
    )


def _suits(
    end: Endpoint | None, prefixes: tuple[str, ...], ports: tuple[tuple[int, int], ...], *, negated: bool
) -> bool:
    """Whether an end can be meant. No rule is known to mean a client's port, so that one that names it is no match."""
    port = end.port if end is not None else 0
    if ports and not any(low <= port <= high for low, high in ports):
        return False
    return not prefixes or end is None or inside(end.address, prefixes) != negated


def inside(address: str, prefixes: tuple[str, ...]) -> bool:
    """Whether *address* lies in one of *prefixes*; what is no address lies in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(_contains(prefix, parsed) for prefix in prefixes)


def _contains(prefix: str, address: object) -> bool:
    try:
        return address in ip_network(prefix, strict=False)
    except (ValueError, TypeError):
        return False
