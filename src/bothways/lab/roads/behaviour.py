"""How routers answer probes: whether, from which address, and how often.

What most routers' own systems do is answer from the interface by which the probe came in; Linux answers from the one by
which its answer leaves unless told otherwise (`icmp_errors_use_inbound_ifaddr`, kernel: ip-sysctl.rst); others have
one address for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Answers(StrEnum):
    """From which of its addresses a router answers."""

    INCOMING = "incoming"
    """The interface's by which the probe came."""
    OUTGOING = "outgoing"
    """The interface's by which the answer leaves."""
    LOOPBACK = "loopback"
    """One of its own, that is on no link."""


class Silent(StrEnum):
    """Towards whom a router never says that a packet expired."""

    NOBODY = "nobody"
    BOTH = "both"
    CLIENT = "client"
    """It does not show on the way there."""
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One router's."""

    answers: Answers = Answers.INCOMING
    silent: Silent = Silent.NOBODY
    limited: bool = False
    """Whether it answers a few probes a second only."""


def drawn(chance: Random, routers: tuple[str, ...], silent: float) -> dict[str, Behaviour]:
    """Draw the behaviour of each router; about a share *silent* of them keeps silent, a third at most."""
    usual = chance.choices(list(Answers), (7, 2, 1))[0]
    mixed = chance.random() < 0.3
    limits = chance.choice((0.0, 0.0, 0.2))
    mute = chance.sample(routers, min(round(silent * len(routers)), len(routers) // 3))
    found = {}
    for router in routers:
        answers = chance.choices(list(Answers), (6, 3, 1))[0] if mixed and chance.random() < 0.5 else usual
        towards = chance.choices((Silent.BOTH, Silent.CLIENT, Silent.SERVER), (4, 1, 1))[0]
        found[router] = Behaviour(
            answers=answers,
            silent=towards if router in mute else Silent.NOBODY,
            limited=chance.random() < limits,
        )
    return found


def ruleset(one: Behaviour, incoming: Mapping[str, str], loopback: str | None, ends: tuple[str, str]) -> str:
    """Return what nft(8) is told, or nothing.

    Args:
        one: What it does.
        incoming: Its address by interface.
        loopback: The address that is on no link, if it answers from that.
        ends: The prefixes of the client, as this router knows it, and of the server.
    """
    six = ":" in ends[0]
    ip, expired = ("ip6", "icmpv6 type time-exceeded") if six else ("ip", "icmp type time-exceeded")
    hushed = {Silent.BOTH: ends, Silent.CLIENT: ends[:1], Silent.SERVER: ends[1:], Silent.NOBODY: ()}[one.silent]
    rules = [f"{expired} {ip} daddr {end} drop" for end in hushed]
    if one.limited:
        rules.append(f"{expired} limit rate over 4/second burst 3 packets drop")
    marks: list[str] = []
    if one.answers is Answers.LOOPBACK and loopback:
        rules.append(f"{expired} {ip} saddr set {loopback}")
    if one.answers is Answers.INCOMING and six:
        # The kernel has that choice for IPv4 only: the error carries the mark that its packet had (`settings`).
        marks = [f'iifname "{name}" meta mark set {number}' for number, name in enumerate(incoming, start=1)]
        rules += [
            f"{expired} meta mark {number} {ip} saddr set {address}"
            for number, address in enumerate(incoming.values(), start=1)
        ]
    return _table({"prerouting": marks, "output": rules})


def settings(one: Behaviour, ip: int) -> dict[str, int | str]:
    """Return the kernel settings that go with it."""
    if one.answers is not Answers.INCOMING:
        return {}
    return {"net.ipv6.fwmark_reflect": 1} if ip == 6 else {"net.ipv4.icmp_errors_use_inbound_ifaddr": 1}


def _table(chains: Mapping[str, list[str]]) -> str:
    body = "".join(
        f"    chain {hook} {{\n        type filter hook {hook} priority mangle; policy accept;\n        "
        + "\n        ".join(rules)
        + "\n    }\n"
        for hook, rules in chains.items()
        if rules
    )
    return f"table inet answers {{\n{body}}}\n" if body else ""


def translating(client: str, address: str) -> str:
    """Give what comes from the client's prefix an address of the router's own (NAPT, RFC 2663 section 4.1.2)."""
    return f"""table ip translation {{
    chain postrouting {{
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr {client} ip daddr != {client} snat to {address}
    }}
}}
"""
