"""A TCP segment in a frame, for whoever has to read it on the wire."""

from dataclasses import dataclass

from bothways.wire.ip import TCP, IpHeader, parse_ip
from bothways.wire.link import ETHERNET, parse_link
from bothways.wire.tcp import TcpHeader, parse_tcp


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One segment, not a fragment's rest."""

    link: bytes
    """The link header, VLAN tags included."""
    ip: IpHeader
    tcp: TcpHeader
    payload: bytes

    @property
    def connection(self) -> tuple[bytes, bytes, int, int]:
        """Sender's and receiver's address, sender's and receiver's port."""
        return self.ip.source, self.ip.destination, self.tcp.source_port, self.tcp.destination_port


def segment_in(frame: bytes) -> Segment | None:
    """Read a frame; None where it holds no TCP segment, or no whole header of one."""
    link = parse_link(ETHERNET, frame)
    ip = parse_ip(frame, link.offset, len(frame)) if link else None
    if link is None or ip is None or ip.protocol != TCP or ip.fragment_offset:
        return None
    tcp = parse_tcp(frame, ip.start, ip.length)
    if tcp is None:
        return None
    payload = frame[ip.start + tcp.header_length : ip.start + ip.length]
    return Segment(link=frame[: link.offset], ip=ip, tcp=tcp, payload=payload)
