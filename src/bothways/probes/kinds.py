"""The packets of each kind of trace, and what TCP's answer to each looks like.

Each probe bears a number: as IPv4's identification, which routers quote whole. IPv6 has none, but its routers quote
nearly all of a packet (RFC 4443 section 3.3), so that there the number stands in the low byte of the window, which
nobody takes from these packets.
"""

from collections.abc import Callable

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came, Sends
from bothways.probes.arrival import Answer
from bothways.probes.opened import ACK, RST, SYN, Opened
from bothways.units import Duration
from bothways.wire.address import packed
from bothways.wire.datagram_writing import UDP, udp_packet
from bothways.wire.hello_writing import client_hello
from bothways.wire.ip import TCP
from bothways.wire.ip_writing import IpFields
from bothways.wire.sequence import MODULUS, advance, distance
from bothways.wire.tcp import HEADER_LENGTH, NO_OPTIONS, TcpHeader, TcpOptions
from bothways.wire.tcp_writing import header_length, tcp_packet

PSH = 0x08
FARTHEST = 30
"""Distance at which a trace ends at the latest: as far as traceroute goes."""

_DATA_LENGTH = 16
_USUAL_MSS = 1460
_LEAST_MSS = 536
_PLAIN_BYTES = b"\r\n"
"""Of which harmless data consist: empty lines, which HTTP passes over before a request (RFC 9112 section 2.2)."""

_UDP_PAYLOAD = 12
_STRAY_WINDOW = 64_240
_PLAUSIBLE = 1 << 17
"""How far from the number expected a RST in a connection is still taken for one of it."""


class Asked(Struct, frozen=True, kw_only=True):
    """One trace that is to be made."""

    sends: Sends
    source: Endpoint
    destination: Endpoint
    build: Callable[[int, int], bytes]
    """The packet of a TTL and a number, 1 to 65,535."""

    answers: Callable[[int, Answer], Came | None]
    """What a segment of the destination is as an answer to the probe of a number; None where it is none."""

    exact: bool = False
    """An answer of TCP tells by its own numbers which probe it is to."""

    name: str | None = None
    first: int = 1
    last: int = FARTHEST
    round_trip: Duration | None = None
    """How long the destination takes to answer, where that is known."""


def inside_syn(opened: Opened, *, last: int = FARTHEST) -> Asked:
    """The connection's own SYN once more.

    A server that waits for the ACK repeats its SYN+ACK; one that has it sends a challenge ACK (RFC 5961 section 4.2).
    """

    def build(ttl: int, number: int) -> bytes:
        window = _window(opened, opened.syn_window, number)
        flags, options = opened.syn_flags, opened.syn_options
        header = _header(opened, (opened.client_isn, 0), flags=flags, window=window, options=options)
        return tcp_packet(_fields(opened, ttl, number, traffic_class=0), header)

    def answers(_: int, answer: Answer) -> Came | None:
        header = answer.header
        if header.flags & SYN:
            acknowledges = header.flags & ACK and header.ack == advance(opened.client_isn, 1)
            return Came.SYN_ACK if acknowledges else None
        return _reset(opened, answer) or _bare_ack(answer)

    return _inside(opened, Sends.INSIDE_SYN, build, answers, last)


def inside_ack(opened: Opened, *, last: int = FARTHEST) -> Asked:
    """A bare ACK of the connection, numbered as a keepalive: one below what the server has acknowledged.

    It looks as the kernel's own to any device. But a server answers it (RFC 9293 section 3.8.4), also one that has not
    taken the handshake's ACK (Linux net/ipv4/tcp_minisocks.c, tcp_check_req), while it says nothing to the very same
    ACK; and our kernel passes over ICMP errors about numbers that are acknowledged.
    """

    def build(ttl: int, number: int) -> bytes:
        seq = advance(opened.acknowledged, -1)
        window = _window(opened, opened.window, number)
        header = _header(opened, (seq, opened.ack), flags=ACK, window=window, options=opened.timestamps)
        return tcp_packet(_fields(opened, ttl, number), header)

    def answers(_: int, answer: Answer) -> Came | None:
        return _reset(opened, answer) or _bare_ack(answer)

    return _inside(opened, Sends.INSIDE_ACK, build, answers, last)


def inside_data(opened: Opened, *, last: int = FARTHEST) -> Asked:
    """A few harmless bytes, the connection's next: nothing that the kernel has to send may stand in their place."""
    return _inside_payload(opened, Sends.INSIDE_DATA, _plain(_DATA_LENGTH), last)


def inside_large(opened: Opened, *, last: int = FARTHEST) -> Asked:
    """Harmless bytes, as many as fit into the largest segment that the connection may send, not to be fragmented."""
    offered = [mss for mss in (opened.server_mss, opened.syn_options.mss) if mss is not None]
    most = max(min(offered, default=_USUAL_MSS), _LEAST_MSS)
    # "the MSS value to be sent in an MSS Option should be equal to the effective MTU minus the fixed IP and TCP
    # headers" (RFC 6691 section 2): options take from it.
    return _inside_payload(
        opened, Sends.INSIDE_LARGE, _plain(most - (header_length(opened.timestamps) - HEADER_LENGTH)), last
    )


def inside_hello(opened: Opened, name: str, random: bytes, *, size: int = 0, last: int = FARTHEST) -> Asked:
    """A ClientHello with the name that was asked for; *random* and *size* as `client_hello` has them."""
    return _inside_payload(opened, Sends.INSIDE_HELLO, client_hello(name, random, size), last, name=name)


def inside_other_hello(opened: Opened, name: str, random: bytes, *, size: int = 0, last: int = FARTHEST) -> Asked:
    """A ClientHello with another name; to be padded to the size of the first."""
    return _inside_payload(opened, Sends.INSIDE_OTHER_HELLO, client_hello(name, random, size), last, name=name)


def stray_ack(source: Endpoint, destination: Endpoint, start: int, *, last: int = FARTHEST) -> Asked:
    """An ACK of no connection, each with numbers of its own.

    "If the ACK bit is on, <SEQ=SEG.ACK><CTL=RST>" (RFC 9293 section 3.10.7.1): the answer names the probe.

    Args:
        source: A port that no socket uses.
        destination: What is asked.
        start: A number of 32 bits that nobody can foresee; the probes' numbers begin with it.
        last: The farthest distance.
    """

    def numbers(number: int) -> tuple[int, int]:
        return advance(start % MODULUS, number << 8), advance((start * 31 + 17) % MODULUS, number << 8)

    def build(ttl: int, number: int) -> bytes:
        seq, ack = numbers(number)
        header = TcpHeader(
            source_port=source.port,
            destination_port=destination.port,
            seq=seq,
            ack=ack,
            flags=ACK,
            window=_STRAY_WINDOW,
            header_length=HEADER_LENGTH,
            options=NO_OPTIONS,
        )
        return tcp_packet(_plain_fields(source, destination, TCP, ttl, number), header)

    def answers(number: int, answer: Answer) -> Came | None:
        return Came.RESET if answer.header.flags & RST and answer.header.seq == numbers(number)[1] else None

    return Asked(
        sends=Sends.STRAY_ACK,
        source=source,
        destination=destination,
        build=build,
        answers=answers,
        exact=True,
        last=last,
    )


def udp(source: Endpoint, destination: Endpoint, *, last: int = FARTHEST) -> Asked:
    """Datagrams between the same ports, so that they take one path; their number stands in their content too."""

    def build(ttl: int, number: int) -> bytes:
        payload = number.to_bytes(2).ljust(_UDP_PAYLOAD, b"\0")
        fields = _plain_fields(source, destination, UDP, ttl, number)
        return udp_packet(fields, source.port, destination.port, payload)

    def answers(_number: int, _answer: Answer) -> Came | None:
        return None

    return Asked(
        sends=Sends.UDP, source=source, destination=destination, build=build, answers=answers, exact=True, last=last
    )


def _inside(
    opened: Opened,
    sends: Sends,
    build: Callable[[int, int], bytes],
    answers: Callable[[int, Answer], Came | None],
    last: int,
) -> Asked:
    return Asked(
        sends=sends,
        source=opened.client,
        destination=opened.server,
        build=build,
        answers=answers,
        last=last,
        round_trip=opened.round_trip,
    )


def _inside_payload(opened: Opened, sends: Sends, payload: bytes, last: int, *, name: str | None = None) -> Asked:
    end = advance(opened.seq, len(payload))

    def build(ttl: int, number: int) -> bytes:
        window = _window(opened, opened.window, number)
        options = opened.timestamps
        header = _header(opened, (opened.seq, opened.ack), flags=ACK | PSH, window=window, options=options)
        return tcp_packet(_fields(opened, ttl, number), header, payload)

    def answers(_: int, answer: Answer) -> Came | None:
        reset = _reset(opened, answer)
        if reset is not None:
            return reset
        # Only who got the payload acknowledges it: the kernel has not sent these bytes.
        if answer.header.flags & SYN or not answer.header.flags & ACK or answer.header.ack != end:
            return None
        return Came.DATA if answer.payload else Came.ACK

    return Asked(
        sends=sends,
        source=opened.client,
        destination=opened.server,
        build=build,
        answers=answers,
        name=name,
        last=last,
        round_trip=opened.round_trip,
    )


def _reset(opened: Opened, answer: Answer) -> Came | None:
    near = abs(distance(opened.ack, answer.header.seq)) < _PLAUSIBLE
    return Came.RESET if answer.header.flags & RST and near else None


def _bare_ack(answer: Answer) -> Came | None:
    bare = answer.header.flags & (SYN | ACK | RST | 1) == ACK and not answer.payload
    return Came.ACK if bare else None


def _plain(length: int) -> bytes:
    return (_PLAIN_BYTES * (length // 2 + 1))[:length]


def _window(opened: Opened, window: int, number: int) -> int:
    return window if ":" not in opened.client.address else window & 0xFF00 | number & 0xFF


def _header(opened: Opened, numbers: tuple[int, int], *, flags: int, window: int, options: TcpOptions) -> TcpHeader:
    seq, ack = numbers
    return TcpHeader(
        source_port=opened.client.port,
        destination_port=opened.server.port,
        seq=seq,
        ack=ack,
        flags=flags,
        window=window,
        header_length=header_length(options),
        options=options,
    )


def _fields(opened: Opened, ttl: int, number: int, traffic_class: int | None = None) -> IpFields:
    return IpFields(
        source=packed(opened.client.address),
        destination=packed(opened.server.address),
        protocol=TCP,
        ttl=ttl,
        identification=number,
        traffic_class=opened.traffic_class if traffic_class is None else traffic_class,
        flow_label=opened.flow_label,
    )


def _plain_fields(source: Endpoint, destination: Endpoint, protocol: int, ttl: int, number: int) -> IpFields:
    return IpFields(
        source=packed(source.address),
        destination=packed(destination.address),
        protocol=protocol,
        ttl=ttl,
        identification=number,
    )


def size_of(asked: Asked) -> int:
    """Bytes of each of its IP packets."""
    return len(asked.build(1, 1))
