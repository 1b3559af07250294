"""Which packets a sign counts, in tcpdump's words (pcap-filter(7))."""

from typing import Literal

Kind = Literal["syn", "syn+ack", "later", "data", "reset", "any"]
"""`later` is whatever comes after the handshake's first two packets but resets, its last ACK included."""


def tcp(source: str, target: str, kind: Kind = "any", port: int | None = None) -> str:
    """TCP packets of a kind from one address to another."""
    which = f"tcp and src host {source} and dst host {target}"
    if port is not None:
        which += f" and port {port}"
    return which if kind == "any" else f"{which} and {_kind(kind, six=':' in source)}"


def unreachable(target: str) -> str:
    """ICMP errors to an address, that say a destination cannot be reached (RFC 792, RFC 4443 section 3.1)."""
    return _error(target, four="icmp[0] == 3 and icmp[1] != 4", six="ip6[40] == 1")


def too_big(target: str) -> str:
    """ICMP errors that say a packet is too big for the next link (RFC 1191 section 4, RFC 4443 section 3.2)."""
    return _error(target, four="icmp[0] == 3 and icmp[1] == 4", six="ip6[40] == 2")


def exceeded(target: str) -> str:
    """ICMP errors that say a packet used up its hops (RFC 792, RFC 4443 section 3.3)."""
    return _error(target, four="icmp[0] == 11", six="ip6[40] == 3")


def _error(target: str, *, four: str, six: str) -> str:
    return f"dst host {target} and " + (f"icmp6 and {six}" if ":" in target else f"icmp and {four}")


def longer(expression: str, size: int) -> str:
    """Those whose IP packet is larger than *size*."""
    return f"{expression} and greater {size + 14 + 1}"


def _kind(kind: Kind, *, six: bool) -> str:
    # tcp[] does not look behind an IPv6 header; nothing in the lab has extension headers.
    flags = "ip6[53]" if six else "tcp[13]"
    match kind:
        case "syn":
            return f"{flags} & 0x12 == 0x02"
        case "syn+ack":
            return f"{flags} & 0x12 == 0x12"
        case "later":
            return f"{flags} & 0x06 == 0"
        case "reset":
            return f"{flags} & 0x04 != 0"
        case _:
            return _has_payload(six=six)


def _has_payload(*, six: bool) -> str:
    if six:
        return "ip6[4:2] - ((ip6[52] & 0xf0) >> 2) != 0"
    return "ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) != 0"
