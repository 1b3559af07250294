"""Whether the table of connections of the server's own host was full: then it drops what would begin another one."""

from msgspec.structs import replace

from bothways.connections.observer import Place
from bothways.evidence.case import Role
from bothways.evidence.citation import Citation
from bothways.evidence.rule import Ruleset
from bothways.facts.counts import count
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.firewall_rules import COUNTS
from bothways.facts.host_rules import HostDrops, accounts_for, hits, packets_at
from bothways.facts.state_counters import Room, at_most
from bothways.facts.subject import Subject

SERVER_TABLE = Kind(
    id="server-table",
    asks="Was the table of connections of the server's own host full?",
    family="server-table",
    answers=Room,
)


def server_table(subject: Subject) -> Fact:
    """By its entries, by the bound that a rule sets, by what came between two snapshots, by the kernel's log.

    Linux net/netfilter/nf_conntrack_core.c. A line of a log, and a count since the start, may be of another day: they
    settle nothing.
    """
    entries, most = (count(subject, name, _of_server) for name in ("ConntrackCount", "ConntrackMax"))
    if entries is not None and most is not None and not entries.between:
        answer = Room.FULL if entries.value >= most.value else Room.FREE
        says = f"{entries.value} of {most.value} places in the server's own table of connections are taken"
        return _fact(answer, says, (*entries.cites, *most.cites))
    limited = _limited(subject)
    if limited is not None:
        return limited
    dropped = count(subject, "ConntrackDrop", _of_server)
    if dropped is not None and dropped.value:
        says = f"the server's own connection tracking dropped {dropped.value} packets for want of room"
        return _fact(Room.FULL, says, dropped.cites, decisive=dropped.between)
    for item in subject.logs:
        if item.log.table_full and _of_server(item.role):
            cites = tuple(Citation(file=item.log.file, line=line) for line in item.log.table_full[:3])
            says = "the server's kernel logged that its own table of connections is full"
            return _fact(Room.FULL, says, cites, decisive=False)
    return unknown(SERVER_TABLE, "nothing tells how full the server's own table of connections was")


def refuses_what_it_answered(subject: Subject) -> bool:
    """Whether the server's host answers SYNs and has no place for what follows them.

    Then it spares some connections and not others, for no reason of their own.
    """
    table = server_table(subject)
    return table.answer is Room.FULL and table.settles and _is_answered(subject)


def _is_answered(subject: Subject) -> bool:
    return any(seen.sides.back.syn_acks for item in subject.exemplars for seen in item.seen)


def _limited(subject: Subject) -> Fact | None:
    """A rule that bounds how many connections may be at once and dropped what the failed ones lack an answer to."""
    packets = packets_at(Place.SERVER, subject)
    drops = HostDrops.LATER if _is_answered(subject) else HostDrops.OPENING
    own = [_without_limits(ruleset) for ruleset in subject.rules if ruleset.vantage == Place.SERVER.value]
    found = (hit for hit in hits(own, {drops: packets[drops]}) if at_most(hit.rule) is not None)
    hit = next(found, None)
    if hit is None:
        return None
    most, dropped = at_most(hit.rule), hit.rule.packets
    says = f"on the server, a rule that lets {most} connections be at once dropped {dropped} packets"
    cites = (Citation(file=hit.file, line=hit.rule.line),)
    return _fact(Room.FULL, says, cites, decisive=accounts_for(hit, subject, Place.SERVER))


def _without_limits(ruleset: Ruleset) -> Ruleset:
    """As if its rules asked for no number of connections: that they dropped shows that it was exceeded."""
    rules = tuple(
        replace(rule, unread=tuple(match for match in rule.unread if not match.startswith(COUNTS)))
        for rule in ruleset.rules
    )
    return replace(ruleset, rules=rules)


def _of_server(role: Role) -> bool:
    return role.vantage == "server"


def _fact(answer: Room, says: str, cites: tuple[Citation, ...], *, decisive: bool = True) -> Fact:
    return Fact(kind=SERVER_TABLE, answer=answer, says=says, vantage="server", cites=cites, decisive=decisive)
