"""Questions with this case's addresses, ports and names in their commands.

A name or address in a capture may be anything, and a command will be pasted into a shell: only what is plainly an
address or a host name gets into one. Where a device translates addresses, or may, a filter takes all that are known.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address

from bothways.connections.observer import Place
from bothways.diagnosis.model import Ask
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Fact
from bothways.facts.probes_inside import probed
from bothways.facts.subject import Subject
from bothways.facts.ways import seen_on_ways
from bothways.theories.catalogue import THEORIES
from bothways.theories.questions import CLIENT, FIREWALL, QUESTIONS, SERVER, Brings, Question
from bothways.verdict.at_hand import at_hand
from bothways.verdict.conclusions import Conclusions
from bothways.verdict.standing import Weighed
from bothways.way import Way

ETHERNET_MTU = 1500
"""Bytes of the largest packet of an ordinary link; ping's own and the IP header take 28 of IPv4's and 48 of IPv6's."""

TLS_PORTS = frozenset({443, 465, 563, 636, 853, 989, 990, 992, 993, 995, 5061, 8443})
"""Ports on which a client starts with TLS (IANA service names https, imaps, ldaps, ...; 8443 by custom)."""

CAPTURE_SECONDS = 60
"""A SYN+ACK's last repeat comes 31 s after the first (see `questions.BEGIN`); as long again to begin the attempt."""

CAPTURE_PACKETS = 20_000
"""Bounds a capture to some 30 MB where the filter must be wide; a failing attempt has some tens of packets."""

_HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}")
"""What may stand in a command that somebody will paste into a shell. A name in a capture may be anything."""


def asks(
    subject: Subject, facts: Sequence[Fact], weighed: Weighed, conclusions: Conclusions | None = None
) -> tuple[Ask, ...]:
    """What to find out next of *subject*, the most useful first; from earlier *conclusions*, where there are any."""
    fill = _fill(subject)
    return tuple(
        _ask((item.question, *item.joined), fill, item.separates, at_once=item.at_once)
        for item in (conclusions or Conclusions(THEORIES)).next(facts, weighed, had(subject))
    )


def first_of_all(known: Collection[Brings], subject: Subject | None = None) -> tuple[Ask, ...]:
    """What to ask where no failure was seen: a whole attempt, captured at the client, and what the client can add.

    Whoever else helps already, as he made some of what is *known*, watches the same attempt.
    """
    helps = at_hand(known) | {CLIENT}
    return tuple(_whole_attempt(who, known, subject) for who in (CLIENT, SERVER, FIREWALL) if who in helps)


def ask(identity: str, subject: Subject, separates: tuple[str, ...]) -> Ask:
    """The question called *identity*, for the ends of *subject*; KeyError where there is none."""
    known = {question.id: question for question in QUESTIONS}
    return _ask([known[identity]], _fill(subject), separates, at_once=False)


def captures_of(known: Collection[Brings], subject: Subject) -> tuple[Ask, ...]:
    """Captures of one attempt and nothing beside them: who saw no failure yet looks for one first.

    The client's, and at the same time that of whoever helps already, as he made some of what is *known*.
    """
    helps = at_hand(known) | {CLIENT}
    captures = [question for question in QUESTIONS if question.brings & _CAPTURES and question.who in helps]
    return tuple(_ask([one], _fill(subject), (), at_once=one.who != CLIENT) for one in captures)


def _whole_attempt(who: str, known: Collection[Brings], subject: Subject | None) -> Ask:
    """All that takes no longer than an attempt, what is there already left out; the capture comes first."""
    joining = [
        question
        for question in QUESTIONS
        if question.who == who
        and question.joins
        and not question.after
        and (who == CLIENT or not (question.brings and question.brings <= set(known)))
    ]
    ordered = sorted(joining, key=lambda question: not question.brings & _CAPTURES)
    return _ask(ordered, _fill(subject), (), at_once=who != CLIENT)


_CAPTURES = frozenset({Brings.CLIENT_CAPTURE, Brings.SERVER_CAPTURE, Brings.FIREWALL_CAPTURES})


def _ask(
    questions: Sequence[Question], fill: Mapping[str, object], separates: tuple[str, ...], *, at_once: bool
) -> Ask:
    lead, *others = questions
    return Ask(
        id=lead.id,
        also=tuple(question.id for question in others),
        question=lead.asks,
        who=lead.who,
        command=_together([question.command.format(**fill) for question in questions]),
        separates=separates,
        at_once=at_once,
    )


def _together(commands: Sequence[str]) -> str:
    """One line for each command; a capture runs beside the others, which watch the same attempt."""
    if len(commands) == 1:
        return commands[0]
    beside = [_beside(line) for line in commands if line.startswith("timeout")]
    others = [line for line in commands if not line.startswith("timeout")]
    return "\n".join([*beside, *others, *(["wait"] if beside else [])])


def _beside(command: str) -> str:
    runs, remark, why = command.partition("   # ")
    return f"{runs} &{remark}{why}"


def had_of(case: Case) -> frozenset[Brings]:
    """Evidence of a case in which no connection was seen, by the roles of its path reports."""
    ways = {item.role.way for item in case.paths if not item.role.control}
    found = {Brings.PATH_THERE: Way.THERE in ways, Brings.PATH_BACK: Way.BACK in ways}
    return frozenset(brings for brings, is_there in found.items() if is_there)


def had(subject: Subject) -> frozenset[Brings]:
    """Evidence that is here already, also where it tells little."""
    places = {observer.place for observer in subject.observers}
    vantages = {item.role.vantage for item in subject.sockets}
    counted = {item.role.vantage for item in subject.counters}
    ways = {path.way for path in subject.paths if not path.control}
    found = {
        Brings.CLIENT_CAPTURE: Place.CLIENT in places,
        Brings.SERVER_CAPTURE: Place.SERVER in places,
        Brings.FIREWALL_CAPTURES: bool(places & {Place.BETWEEN, Place.UNCLEAR}),
        Brings.SERVER_SOCKETS: "server" in vantages and "server" in counted,
        Brings.CLIENT_COUNTERS: "client" in counted,
        Brings.SESSIONS: bool(subject.sessions),
        Brings.RULES: any(ruleset.vantage not in {"client", "server"} for ruleset in subject.rules),
        Brings.PATH_THERE: Way.THERE in ways,
        Brings.PATH_BACK: Way.BACK in ways,
        Brings.PINGS: bool(subject.echoes),
        Brings.PROBES: probed(subject),
        **_of_firewall(subject),
    }
    return frozenset(brings for brings, is_there in found.items() if is_there)


def _of_firewall(subject: Subject) -> dict[Brings, bool]:
    """On which ways the stateful device is seen, of the case and of controls."""
    ways, controls = seen_on_ways(subject), seen_on_ways(subject, control=True)
    return {
        Brings.ONLY_THERE: ways == {Way.THERE} and bool(subject.ways(Way.BACK)),
        Brings.ONLY_BACK: ways == {Way.BACK} and bool(subject.ways(Way.THERE)),
        Brings.CONTROL_THERE: Way.THERE in controls,
        Brings.CONTROL_BACK: Way.BACK in controls,
    }


def _fill(subject: Subject | None) -> dict[str, object]:
    """What the fields of the commands stand for."""
    address = _plain_address(subject.server.address) if subject else ""
    port = subject.server.port if subject else 0
    name = subject.name if subject else ""
    speaks_tls = port in TLS_PORTS
    is_six = ":" in address
    return {
        "client": (_plain_address(subject.client) if subject else "") or "CLIENT_ADDRESS",
        "server": address or "SERVER_ADDRESS",
        "port": port or "PORT",
        "name": name if _HOST_NAME.fullmatch(name) else "NAME",
        "family": 6 if is_six else 4,
        "checked": _checked(address, port, name),
        "server_in_url": f"[{address}]" if is_six else address or "SERVER_ADDRESS",
        "scheme": "https" if speaks_tls else "http",
        "other_scheme": "http" if speaks_tls else "https",
        "full_ping": ETHERNET_MTU - (48 if is_six else 28),
        "seconds": CAPTURE_SECONDS,
        "most": CAPTURE_PACKETS,
        **_filters(subject),
    }


def _checked(address: str, port: int, name: str) -> str:
    """What `bothways check` is to try: the name at this very address, or the address alone."""
    shown = port or "PORT"
    if not address:
        return f"SERVER_ADDRESS:{shown}"
    bracketed = f"[{address}]" if ":" in address else address
    named = bool(_HOST_NAME.fullmatch(name)) and not _plain_address(name)
    return f"{name}:{shown} --resolve {name}:{shown}:{bracketed}" if named else f"{bracketed}:{shown}"


def _filters(subject: Subject | None) -> dict[str, str]:
    """What to capture at each place: the connection, as its packets look there, and whatever routers say of it.

    An ICMP error comes from a router's own address, so that no filter by host may be laid on it.
    """
    clients, servers = _ends(subject)
    ports = _any("tcp port", [str(end.port) for end in servers if end.port] or ["PORT"])
    to_server = _any("host", _addresses(servers) or ["SERVER_ADDRESS"])
    to_client = _any("host", _addresses(clients) or ["CLIENT_ADDRESS"])
    everybody = _any("host", [*_addresses(clients), *_addresses(servers)] or ["SERVER_ADDRESS"])
    hidden = _may_be_translated(clients, servers)
    errors = "or icmp or icmp6"
    return {
        "at_client": f"({to_server} and {ports}) {errors}",
        "at_server": f"{ports} {errors}" if hidden else f"({to_client} and {ports}) {errors}",
        "at_firewall": f"({everybody} and {ports}) {errors}",
        "translated": "; the client may bear another address there, so the filter names none" if hidden else "",
    }


def _ends(subject: Subject | None) -> tuple[list[Endpoint], list[Endpoint]]:
    """The client's and the server's addresses and ports as any observer saw them, before translation and after."""
    if subject is None:
        return [], []
    sides = [seen.sides for exchange in subject.exemplars for seen in exchange.seen]
    clients = [Endpoint(subject.client, 0), *(side.client for side in sides)]
    return clients, [subject.server, *(side.server for side in sides)]


def _may_be_translated(clients: Sequence[Endpoint], servers: Sequence[Endpoint]) -> bool:
    """Whether the server must see the client under an address that nobody has seen yet.

    A private address (RFC 1918) does not reach a global one as it is.
    """
    seen, targets = _addresses(clients), _addresses(servers)
    if len(seen) > 1 or not seen or not targets:
        return False
    return _is_private(seen[0]) and any(map(_is_global, targets))


@lru_cache(maxsize=1 << 12)
def _is_private(address: str) -> bool:
    return ip_address(address).is_private


@lru_cache(maxsize=1 << 12)
def _is_global(address: str) -> bool:
    return ip_address(address).is_global


def _addresses(ends: Iterable[Endpoint]) -> list[str]:
    return list(dict.fromkeys(address for end in ends if (address := _plain_address(end.address))))


def _any(what: str, values: Iterable[str]) -> str:
    told = [f"{what} {value}" for value in dict.fromkeys(values)]
    return told[0] if len(told) == 1 else f"({' or '.join(told)})"


@lru_cache(maxsize=1 << 12)
def _plain_address(text: str) -> str:
    """*text* if it is an IP address and nothing else: what a reader let through must not reach a shell."""
    try:
        return str(ip_address(text)) if "%" not in text else ""
    except ValueError:
        return ""
