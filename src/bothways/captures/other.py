"""Packets that show nothing of TCP, or too little."""

from enum import Enum


class Other(Enum):
    """A packet that shows nothing of TCP, or too little."""

    NOT_IP = "not-ip"
    """Another network protocol, an unknown link type, or cut before the end of the IP addresses."""

    IP = "ip"
    """Neither TCP nor an ICMP error about TCP, and no tunnel with one of them inside."""

    FRAGMENT = "fragment"
    """A fragment of a datagram that is not complete yet."""

    CUT_TCP = "cut-tcp"
    """TCP, but its header's first 20 bytes were not all kept, or not all in the only fragment that was seen."""

    CUT_ERROR = "cut-error"
    """An ICMP error about TCP whose quote ends before the ports."""

    CUT_TUNNEL = "cut-tunnel"
    """A tunnel's packet, of which what it carries was not kept."""

    MALFORMED_TCP = "malformed-tcp"
    """TCP by its IP header, with a header length that cannot be."""
