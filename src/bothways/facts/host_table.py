"""Whether the table of connections of the server's own host was full: then it drops what would begin another one."""

from bothways.evidence.case import Role
from bothways.evidence.citation import Citation
from bothways.facts.counts import count
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.state_counters import Room, limits
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
    own = (found for ruleset in subject.rules if ruleset.vantage == "server" for found in limits(ruleset))
    limited = next(own, None)
    if limited is not None:
        says, cites = limited
        return _fact(Room.FULL, f"on the server, {says}", cites)
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


def _of_server(role: Role) -> bool:
    return role.vantage == "server"


def _fact(answer: Room, says: str, cites: tuple[Citation, ...], *, decisive: bool = True) -> Fact:
    return Fact(kind=SERVER_TABLE, answer=answer, says=says, vantage="server", cites=cites, decisive=decisive)
