"""Records that a capturing system wraps around packets: Linux's NFLOG and Apple's PKTAP."""

import struct

from msgspec import Struct

from bothways.wire.layer import IPV4, IPV6, NOTHING_KNOWN

FAMILIES = {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}
"""AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS."""

_NFLOG_HEADER = 4
_TYPE_MASK = 0x7FFF
_MOST_ATTRIBUTES = 32

_PKTAP_LEAST = 12
_PKTAP_LONGEST = 4096


class Wrapped(Struct, frozen=True, kw_only=True):
    """A packet inside a record."""

    protocol: int
    """EtherType of the packet."""

    start: int
    source: bytes | None = None
    """MAC address of its sender, where the record tells."""


def nflog(data: bytes) -> Wrapped | None:
    """A packet that an iptables or nft rule logged: family, version, resource, then attributes with their lengths.

    Lengths are in the byte order of the host that captured (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html);
    the wrong one makes the first of them impossible.
    """
    if len(data) < _NFLOG_HEADER or data[1]:
        return None
    return _nflog(data, "<HH") or _nflog(data, ">HH")


def _nflog(data: bytes, form: str) -> Wrapped | None:
    attribute = struct.Struct(form)
    protocol, source = FAMILIES.get(data[0], NOTHING_KNOWN), None
    at = _NFLOG_HEADER
    for _ in range(_MOST_ATTRIBUTES):
        if at + attribute.size > len(data):
            return None
        length, kind = attribute.unpack_from(data, at)
        body = at + attribute.size
        if length < attribute.size:
            return None
        match kind & _TYPE_MASK:  # NFULA_PACKET_HDR, NFULA_HWADDR, NFULA_PAYLOAD (linux/netfilter/nfnetlink_log.h)
            case 1 if protocol == NOTHING_KNOWN:  # a bridge's family names no protocol, the kernel's word does
                protocol = int.from_bytes(data[body : body + 2])
            case 8 if data[body : body + 2] == b"\0\6":
                source = data[body + 4 : body + 10]
            case 9:
                return Wrapped(protocol=protocol, start=body, source=source)
        at += (length + 3) & ~3
    return None


def pktap(data: bytes) -> tuple[int, int] | None:
    """Apple's header: its length, what follows (1: a packet), and the packet's link type, in the host's byte order.

    Returns:
        The link type, and where the packet starts.
    """
    for order in "<>":
        if len(data) < _PKTAP_LEAST:
            break
        length, follows, link_type = struct.Struct(f"{order}III").unpack_from(data)
        if _PKTAP_LEAST <= length <= _PKTAP_LONGEST:
            return (link_type, length) if follows == 1 else None
    return None
