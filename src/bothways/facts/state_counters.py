"""What a firewall's connection tracking counted, and whether its table was full."""

import re
from collections.abc import Iterator
from enum import StrEnum

from bothways.evidence.case import Role
from bothways.evidence.citation import Citation
from bothways.evidence.rule import Rule, Ruleset
from bothways.facts.counts import count
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.host_counters import Counted
from bothways.facts.rule_match import dropping
from bothways.facts.subject import Subject


class Room(StrEnum):
    """Whether new connections found a place in the table."""

    FULL = "full"
    """Connections were refused a place, or old ones lost theirs."""
    FREE = "free"


INVALID_COUNTED = Kind(
    id="invalid-counted",
    asks="Did the firewall's connection tracking count packets that fit no connection?",
    family="state",
    answers=Counted,
    decisive=False,
)
STATE_TABLE = Kind(
    id="state-table", asks="Was the firewall's table of connections full?", family="state-table", answers=Room
)


def _of_firewall(role: Role) -> bool:
    """Whatever is not said to be of one of the two hosts."""
    return role.vantage not in {"client", "server"}


def invalid_counted(subject: Subject) -> Fact:
    """Whether the firewall called packets invalid; a firewall on the Internet always has some."""
    invalid = count(subject, "ConntrackInvalid", _of_firewall)
    if invalid is None:
        return unknown(INVALID_COUNTED, "no counters of a firewall's connection tracking are at hand")
    answer = Counted.NONE if not invalid.value else Counted.RISEN if invalid.between else Counted.COUNTED
    since = "between two snapshots" if invalid.between else "since it began"
    says = f"the firewall's connection tracking called {invalid.value or 'no'} packets invalid {since}"
    return Fact(kind=INVALID_COUNTED, answer=answer, says=says, vantage="firewall", cites=invalid.cites, sure=False)


def state_table(subject: Subject) -> Fact:
    """Whether the table was full, by the kernel's log, a limit's counter, its entries, what it gave up."""
    for item in subject.logs:
        if item.log.table_full and _of_firewall(item.role):
            cites = tuple(Citation(file=item.log.file, line=line) for line in item.log.table_full[:3])
            return _fact(Room.FULL, "the kernel logged that its table of connections is full", cites)
    limited = next(_limits(subject), None)
    if limited is not None:
        return limited
    entries, most = (count(subject, name, _of_firewall) for name in ("ConntrackCount", "ConntrackMax"))
    if entries is not None and most is not None and not entries.between:
        answer = Room.FULL if entries.value >= most.value else Room.FREE
        says = f"{entries.value} of {most.value} places in the firewall's table of connections are taken"
        return _fact(answer, says, (*entries.cites, *most.cites))
    for name in ("ConntrackDrop", "ConntrackEarlyDrop"):
        given_up = count(subject, name, _of_firewall)
        if given_up is not None and given_up.value:
            says = f"the firewall's connection tracking gave up {given_up.value} connections for want of room"
            return _fact(Room.FULL, says, given_up.cites, sure=given_up.between)
    return unknown(STATE_TABLE, "nothing tells how full the firewall's table of connections was")


_LIMIT = re.compile(r"\bct count over (?P<most>\d{1,9})\b", re.ASCII)
"""nft(8), "CT LIMIT": true for a connection that would be one too many."""


def _limits(subject: Subject) -> Iterator[Fact]:
    """Rules that drop connections beyond a number and have done so: for these the table is as good as full."""
    for ruleset in subject.rules:
        if ruleset.vantage not in {"client", "server"}:
            yield from (_limited(ruleset, rule) for rule in dropping(ruleset) if at_most(rule) is not None)


def at_most(rule: Rule) -> int | None:
    """How many connections *rule* lets be at once; None where it asks for no such number."""
    bound = _LIMIT.search(rule.text)
    return int(bound["most"]) if bound else None


def _limited(ruleset: Ruleset, rule: Rule) -> Fact:
    says = f"a rule that lets {at_most(rule)} connections be at once dropped {rule.packets} packets"
    return _fact(Room.FULL, says, (Citation(file=ruleset.file, line=rule.line),))


def _fact(answer: Room, says: str, cites: tuple[Citation, ...], *, sure: bool = True) -> Fact:
    return Fact(kind=STATE_TABLE, answer=answer, says=says, vantage="firewall", cites=cites, sure=sure)
