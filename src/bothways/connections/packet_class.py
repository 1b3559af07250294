"""Classes of packets that a filter can tell apart without looking into them."""

from enum import StrEnum

from bothways.evidence.segment import Segment


class PacketClass(StrEnum):
    """What a packet is for, by its flags and whether it carries payload."""

    SYN = "SYN"
    SYN_ACK = "SYN+ACK"
    ACK = "ACK"
    DATA = "data"
    FIN = "FIN"
    RESET = "RST"


def packet_class(segment: Segment) -> PacketClass:
    """The class of *segment*; data with FIN counts as data."""
    if segment.is_syn:
        return PacketClass.SYN
    if segment.is_syn_ack:
        return PacketClass.SYN_ACK
    if segment.is_reset:
        return PacketClass.RESET
    if segment.payload:
        return PacketClass.DATA
    return PacketClass.FIN if segment.is_fin else PacketClass.ACK
