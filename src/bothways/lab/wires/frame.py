"""What a wire has to know about an Ethernet frame: whether chance may touch it, and how it is given a VLAN tag."""

IPV4 = b"\x08\x00"
IPV6 = b"\x86\xdd"
TAG = b"\x81\x00"
"""EtherTypes (RFC 9542 appendix B, IEEE 802.1Q)."""

_GROUP = 0x01
"""The bit of a MAC address' first octet that makes it that of a group (IEEE 802 section 8.2.2)."""
_ICMPV6 = 58
_DISCOVERY = range(133, 138)
"""ICMPv6 types of neighbour discovery: solicitations, advertisements, redirect (IANA "ICMPv6 type numbers")."""


def is_exposed(frame: bytes) -> bool:
    """Tell whether chance may touch a frame: whether it is of IP, and to one receiver.

    ARP, neighbour discovery and whatever goes to a group (which neighbour discovery does, and multicast listener
    reports, which kernels send at moments of their own choosing) are carried unharmed. A network whose neighbours do
    not find each other is another fault than loss, and chance would be spent on frames that no run repeats.
    """
    if frame[0] & _GROUP:
        return False
    at = 14
    kind = frame[12:14]
    if kind == TAG:
        at = 18
        kind = frame[16:18]
    if kind == IPV4:
        return True
    if kind != IPV6:
        return False
    return len(frame) <= at + 40 or frame[at + 6] != _ICMPV6 or frame[at + 40] not in _DISCOVERY


def tagged(frame: bytes, tag: int) -> bytes:
    """Put a VLAN tag behind the addresses of a frame (IEEE 802.1Q clause 9).

    Args:
        frame: A frame that begins with both its MAC addresses.
        tag: The tag control information: priority, drop eligibility and, in its low twelve bits, the VLAN.
    """
    return b"".join((frame[:12], TAG, tag.to_bytes(2), frame[12:]))
