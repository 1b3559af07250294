"""A TCP packet to the segment that it shows."""

from functools import lru_cache

from bothways.captures.other import Other
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.said import Said, Says
from bothways.evidence.segment import Content, Flags, Options, Segment
from bothways.wire import greeting, http, tls
from bothways.wire.address import address
from bothways.wire.ip import IpHeader
from bothways.wire.tcp import HEADER_LENGTH, NO_OPTIONS, TcpOptions, parse_tcp

FLAGS = tuple(Flags(value) for value in range(256))
"""All combinations, by number: making one takes longer than finding it."""

_NO_OPTIONS = Options()


def tcp_segment(  # noqa: PLR0913, PLR0917 - called for every packet, and a record of them would cost more than it says
    packet: RawPacket,
    data: bytes,
    ip: IpHeader,
    link_source: str | None,
    layers: tuple[str, ...],
    partial: bool = False,  # noqa: FBT001, FBT002 - as above
) -> Segment | Other:
    """Read the TCP header behind an IP header.

    Args:
        packet: The frame that is cited.
        data: What the IP header was read from.
        ip: The innermost IP header.
        link_source: See `Segment.link_source`.
        layers: See `Segment.layers`.
        partial: See `Segment.partial`.
    """
    tcp = parse_tcp(data, ip.start, ip.length)
    if tcp is None:
        kept_less = len(data) < ip.start + HEADER_LENGTH <= ip.start + ip.length
        return Other.CUT_TCP if kept_less or partial else Other.MALFORMED_TCP
    payload = ip.length - tcp.header_length
    start = ip.start + tcp.header_length
    content, name = _content(data, start, payload) if payload else (Content.NOTHING, None)
    return Segment(
        frame=packet.frame,
        part=packet.part,
        number=packet.number,
        at=packet.at,
        source=endpoint(ip.source, tcp.source_port),
        destination=endpoint(ip.destination, tcp.destination_port),
        seq=tcp.seq,
        ack=tcp.ack,
        flags=FLAGS[tcp.flags],
        window=tcp.window,
        payload=payload,
        ttl=ip.ttl,
        ip_id=ip.identification,
        options=_options(tcp.options),
        content=content,
        name=name,
        said=_said(data[start : start + payload], content) if content in _SPEAKING else None,
        link_source=link_source,
        layers=layers,
        partial=partial,
    )


def _options(options: TcpOptions) -> Options:
    if options is NO_OPTIONS:
        return _NO_OPTIONS
    return Options(
        mss=options.mss,
        window_scale=options.window_scale,
        sack_permitted=options.sack_permitted,
        sack_blocks=options.sack_blocks,
        ts_value=options.ts_value,
        ts_echo=options.ts_echo,
        others=options.others,
        cut=options.cut,
    )


TELLING = 16
"""Bytes of payload by which every kind of content is told: a TLS record and handshake header take 9, the longest
method of
HTTP and what follows it 8. Fewer that match nothing may be the beginning of anything."""


def _content(data: bytes, start: int, length: int) -> tuple[Content, str | None]:
    """What a payload begins with, and the server name in it."""
    payload = data[start : start + length]
    if tls.is_client_hello(payload):
        return Content.CLIENT_HELLO, tls.server_name(payload)
    if tls.is_record(payload):
        return Content.TLS, None
    if http.is_request(payload):
        return Content.HTTP_REQUEST, http.host(payload)
    if http.is_response(payload):
        return Content.HTTP_RESPONSE, None
    return (Content.CUT_OFF if len(payload) < min(length, TELLING) else Content.OTHER), None


_SPEAKING = frozenset({Content.TLS, Content.HTTP_RESPONSE, Content.OTHER, Content.CUT_OFF})
_SEALED, _CIPHERED, _TURNS_AWAY = (Said(says=says) for says in (Says.SEALED_ALERT, Says.CIPHERED, Says.TURNS_AWAY))


def _said(payload: bytes, content: Content) -> Said | None:
    """What a payload of that content says of the service."""
    if content is Content.HTTP_RESPONSE:
        status = http.status(payload)
        return None if status is None else Said(says=Says.STATUS, code=status)
    if content is not Content.TLS:
        return _TURNS_AWAY if greeting.turns_away(payload) else None
    alert = tls.fatal_alert(payload)
    if alert is not None:
        return Said(says=Says.ALERT, code=alert)
    if tls.seals_alert(payload):
        return _SEALED
    return _CIPHERED if tls.is_ciphered(payload) else None


@lru_cache(maxsize=65_536)
def endpoint(packed: bytes, port: int) -> Endpoint:
    """An end of a connection."""
    return Endpoint(address(packed), port)
