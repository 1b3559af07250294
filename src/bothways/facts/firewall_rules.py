"""Which rule of a filter has dropped packets that the failing connections can have sent."""

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_network

from msgspec import Struct
from msgspec.structs import replace

from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.rule import Decision, Rule, Ruleset
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.flag_match import Carries, taken
from bothways.facts.rule_match import Filtered, inside, spared
from bothways.facts.subject import Subject
from bothways.facts.syn_offers import always_offered, is_about
from bothways.way import Way


class Dropped(StrEnum):
    """What the counting rule asks of a packet that it drops."""

    DESTINATION = "by-destination"
    """Whatever goes to the target, of any state."""
    SOURCE = "by-source"
    """Whatever comes from the client, or its prefix, wherever it goes."""
    ESTABLISHED = "by-established-state"
    """Packets to the target that belong to an established connection, or are no SYN."""
    OPTION = "by-option"
    """SYNs to the target that offer a certain option, and the failed ones all do."""
    INVALID_ONLY = "invalid-only"
    """Only packets that fit no connection it knows."""
    NONE = "none"
    """It counts, and no rule that matches the target has dropped anything."""


DROP_RULE = Kind(
    id="drop-rule", asks="Which rule of the filter dropped packets to the target?", family="rule", answers=Dropped
)

_DROPS = {Decision.DROP, Decision.REJECT_RESET, Decision.REJECT_ICMP}


FORWARDED = frozenset({"ingress", "prerouting", "forward", "postrouting", "egress"})
"""Where a filter meets what it passes on (nft(8)); `input` and `output` meet what is to and from itself."""


class _Hit(Struct, frozen=True, kw_only=True):
    file: str
    rule: Rule
    why: Dropped
    passed_by: str = ""
    """Why the target's packets, if this is a firewall on their way, do not come to this rule; empty if they do."""


def drop_rule(subject: Subject) -> Fact:
    """The rule that dropped most among those that match the target's packets; state rules count last."""
    counted = [rule for ruleset in _of_firewalls(subject) for rule in ruleset.rules if rule.packets is not None]
    if not counted:
        return unknown(DROP_RULE, "no ruleset with counters is at hand")
    hits = sorted(_hits(subject), key=lambda hit: (hit.why is Dropped.INVALID_ONLY, -(hit.rule.packets or 0)))
    met = next((hit for hit in hits if not hit.passed_by), None)
    if met is not None:
        return _dropped(met, subject)
    if hits:
        return unknown(DROP_RULE, f"a rule that dropped {hits[0].rule.packets} packets {hits[0].passed_by}")
    riddle = next(_riddles(subject), None)
    if riddle is not None:
        options = (f"tcp option {name} exists" for name in sorted(riddle.tcp_options))
        asks = ", ".join(f"`{match}`" for match in (*riddle.unread, *options))
        return unknown(DROP_RULE, f"a rule that dropped {riddle.packets} packets asks {asks}, which is not understood")
    if any(policy is Decision.DROP for ruleset in _of_firewalls(subject) for _, _, policy in ruleset.policies):
        says = "no rule that matches the target has dropped anything (what the chain's policy dropped is not counted)"
    else:
        says = "no rule that matches the target has dropped anything"
    cites = (Citation(file=_of_firewalls(subject)[0].file),)
    return Fact(kind=DROP_RULE, answer=Dropped.NONE, says=says, vantage="firewall", cites=cites)


def _dropped(hit: _Hit, subject: Subject) -> Fact:
    counted = hit.rule.packets or 0
    sent = sum(item.seen[0].sides.there.syns for item in subject.exemplars)
    return Fact(
        kind=DROP_RULE,
        answer=hit.why,
        says=f"a rule that asks `{hit.rule.text}` dropped {counted} packets",
        way=Way.THERE,
        vantage="firewall",
        cites=(Citation(file=hit.file, line=hit.rule.line),),
        # One that keeps connections from opening and dropped fewer packets than were sent met others, or some of them.
        decisive=hit.why not in {Dropped.DESTINATION, Dropped.SOURCE} or sent <= counted,
    )


def _of_firewalls(subject: Subject) -> list[Ruleset]:
    """Whatever is not said to be of one of the two hosts, which `bothways.facts.host_rules` asks about."""
    return [ruleset for ruleset in subject.rules if ruleset.vantage not in {"client", "server"}]


def _hits(subject: Subject) -> Iterator[_Hit]:
    for ruleset in _of_firewalls(subject):
        for rule in ruleset.rules:
            why = _why(rule, subject)
            if rule.decision in _DROPS and rule.packets and why is not None:
                yield _Hit(file=ruleset.file, rule=rule, why=why, passed_by=_passed_by(ruleset, rule, why, subject))


def _passed_by(ruleset: Ruleset, rule: Rule, why: Dropped, subject: Subject) -> str:
    if rule.hook is not None and rule.hook not in FORWARDED:
        return "is about what is to or from its own host, and whose that is nobody says"
    opens = why in {Dropped.DESTINATION, Dropped.SOURCE}
    packet = Filtered(
        way=Way.THERE,
        source=Endpoint(subject.client, 0) if subject.client else None,
        destination=subject.server,
        flags=frozenset({"syn"} if opens else {"ack"}),
        states=frozenset({"new"} if opens else {"established"}),
        hooks=FORWARDED,
    )
    if why is not Dropped.INVALID_ONLY and spared(ruleset, rule, packet):
        return "stands behind one that accepts what the target is sent"
    return ""


COUNTS = "ct count"
"""A limit on connections (nft(8), "CT LIMIT") says nothing of the target; whether it was reached is another fact."""


def _riddles(subject: Subject) -> Iterator[Rule]:
    """Rules that dropped what may have been the target's packets, and ask for more than is understood."""
    for ruleset in _of_firewalls(subject):
        for rule in ruleset.rules:
            as_read = replace(rule, unread=())
            odd = [match for match in rule.unread if not match.startswith(COUNTS)] or _asks_a_riddle(rule, subject)
            if odd and rule.decision in _DROPS and rule.packets and _may_match(as_read, subject):
                yield rule


def _asks_a_riddle(rule: Rule, subject: Subject) -> bool:
    """Whether *rule* asks for an option that the failed SYNs may have offered, and does not say it of the target."""
    if not rule.tcp_options or _why(rule, subject) is not None:
        return False
    offered = always_offered(subject)
    return not offered or is_about(rule, offered)


def _why(rule: Rule, subject: Subject) -> Dropped | None:
    """On what grounds *rule* would drop the target's packets.

    None if it would not, or if it asks what we cannot read.
    """
    if rule.states == {"invalid"}:
        return Dropped.INVALID_ONLY if _may_match(rule, subject) else None
    if not _may_match(rule, subject) or rule.unread:
        return None
    if not rule.destinations:
        return Dropped.SOURCE if not rule.tcp_options and _names_client(rule, subject) else None
    if rule.states and not rule.states & {"established", "new"}:
        return None
    by_flags = Dropped.DESTINATION if rule.tcp_flags is None else _why_by_flags(rule.tcp_flags)
    if rule.tcp_options:
        met = by_flags is Dropped.DESTINATION and is_about(rule, always_offered(subject))
        return Dropped.OPTION if met else None
    spares_new_ones = rule.states and "new" not in rule.states
    return Dropped.ESTABLISHED if by_flags is not None and spares_new_ones else by_flags


def _names_client(rule: Rule, subject: Subject) -> bool:
    """Whether *rule* picks out the client by its address, and takes the SYNs with which its connections begin.

    A prefix that holds everybody picks out nobody; a rule about what comes in by one interface may be against forged
    addresses, and its hits others' packets.
    """
    everybody = all(ip_network(prefix, strict=False).prefixlen == 0 for prefix in rule.sources if _is_prefix(prefix))
    if not rule.sources or rule.sources_negated or everybody or any("iif" in name for name in rule.interfaces):
        return False
    opens = not rule.states or "new" in rule.states
    return bool(subject.client) and opens and (rule.tcp_flags is None or Carries.SYN in (taken(rule.tcp_flags) or ()))


def _is_prefix(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _why_by_flags(match: str) -> Dropped | None:
    """A match that takes SYNs keeps the connection from opening; one that takes what follows lets it open."""
    packets = taken(match)
    if not packets:
        return None
    return Dropped.DESTINATION if Carries.SYN in packets else Dropped.ESTABLISHED


def _may_match(rule: Rule, subject: Subject) -> bool:
    """Whether a packet from the client to the target can match, as far as the rule's conditions are read."""
    if rule.protocols and not rule.protocols & {"tcp", "6"}:
        return False
    if rule.destination_ports and not any(low <= subject.server.port <= high for low, high in rule.destination_ports):
        return False
    if rule.destinations and inside(subject.server.address, rule.destinations) == rule.destinations_negated:
        return False
    return not (rule.sources and subject.client and inside(subject.client, rule.sources) == rule.sources_negated)
