"""A connection that the kernel opened and still holds, as its packets show it: what probes inside of it must know."""

from collections.abc import Iterable

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.probes.arrival import Answer, read_answer
from bothways.probes.plan import Heard
from bothways.units import Duration, between
from bothways.wire.sequence import advance, later
from bothways.wire.tcp import NO_OPTIONS, TcpOptions

SYN, RST, ACK = 0x02, 0x04, 0x10


class Opened(Struct, frozen=True, kw_only=True):
    """Numbers as on the wire; all of the client unless said otherwise."""

    client: Endpoint
    server: Endpoint
    client_isn: int
    """Sequence number of the SYN (RFC 9293 section 3.4)."""

    server_isn: int
    """Sequence number of the SYN+ACK."""

    acknowledged: int
    """What the server has acknowledged: the number of the first byte that it has not (SND.UNA)."""

    seq: int
    """Number of the first byte that the client's kernel has not sent yet (SND.NXT)."""

    ack: int
    """Number of the first byte of the server's that the client has not got yet (RCV.NXT)."""

    syn_window: int
    syn_flags: int = SYN
    """With ECE and CWR where the kernel offers ECN (RFC 3168 section 6.1.1)."""

    syn_options: TcpOptions = NO_OPTIONS
    window: int
    """The window field of the last segment, not scaled."""

    ts_value: int | None = None
    """TSval of the last segment (RFC 7323 section 3); None where the connection has no timestamps."""

    ts_echo: int | None = None
    """TSval of the server's last segment."""

    server_mss: int | None = None
    """Maximum segment size that the server announced, in bytes."""

    traffic_class: int = 0
    """Of the last segment, without ECN's two bits."""

    flow_label: int = 0
    """Of the last segment; 0 in IPv4."""

    round_trip: Duration | None = None
    """From the SYN to its SYN+ACK; None where the SYN was repeated before, as nobody knows which it answers."""

    server_ttl: int | None = None
    """TTL or hop limit with which the SYN+ACK arrived."""

    @property
    def timestamps(self) -> TcpOptions:
        """The options of a segment after the handshake."""
        if self.ts_value is None or self.ts_echo is None:
            return NO_OPTIONS
        return TcpOptions(ts_value=self.ts_value, ts_echo=self.ts_echo)


def opened(packets: Iterable[Heard], client: Endpoint, server: Endpoint) -> Opened | None:
    """What the packets of a connection show of it, both ways, in the order of a capture beside the client.

    Packets of other connections are passed over, and so is what comes before the last SYN with a number of its own.

    Returns:
        The connection; None where its SYN, or the SYN+ACK that answers it, is not among the packets.
    """
    found = _Followed(client, server)
    for heard in packets:
        segment = read_answer(heard.packet)
        if segment is None:
            continue
        if (segment.sender, segment.receiver) == (client, server):
            found.there(heard, segment)
        elif (segment.sender, segment.receiver) == (server, client):
            found.back(heard, segment)
    return found.opened()


class _Followed:
    """Both ways' last words."""

    def __init__(self, client: Endpoint, server: Endpoint) -> None:
        self._ends = client, server
        self._syn: tuple[Heard, Answer] | None = None
        self._syn_ack: tuple[Heard, Answer] | None = None
        self._last: Answer | None = None
        self._repeated = False
        self._una = self._sent = self._got = 0
        self._ts_echo: int | None = None

    def there(self, heard: Heard, segment: Answer) -> None:
        header = segment.header
        if header.flags & (SYN | ACK) == SYN:
            if self._syn is None or self._syn[1].header.seq != header.seq:
                self._syn, self._syn_ack, self._repeated = (heard, segment), None, False
                self._una, self._sent = header.seq, advance(header.seq, 1)
            elif self._syn_ack is None:
                self._repeated = True
                self._syn = heard, segment
            self._last = segment
        elif self._syn is not None and not header.flags & RST:
            self._last = segment
            self._sent = later(self._sent, advance(header.seq, segment.payload + (header.flags & 1)))

    def back(self, heard: Heard, segment: Answer) -> None:
        header = segment.header
        if self._syn is None or not header.flags & ACK or header.flags & RST:
            return
        if header.flags & SYN and header.ack == advance(self._syn[1].header.seq, 1) and self._syn_ack is None:
            self._syn_ack = heard, segment
            self._got = advance(header.seq, 1)
        if self._syn_ack is not None:
            self._una = later(self._una, header.ack)
            if header.seq == self._got and not header.flags & SYN:
                self._got = advance(self._got, segment.payload)
            self._ts_echo = header.options.ts_value

    def opened(self) -> Opened | None:
        if self._syn is None or self._syn_ack is None or self._last is None:
            return None
        syn, syn_ack, last = self._syn[1].header, self._syn_ack[1].header, self._last
        stamped = syn_ack.options.ts_value is not None and last.header.options.ts_value is not None
        return Opened(
            client=self._ends[0],
            server=self._ends[1],
            client_isn=syn.seq,
            server_isn=syn_ack.seq,
            acknowledged=self._una,
            seq=self._sent,
            ack=self._got,
            syn_window=syn.window,
            syn_flags=syn.flags,
            syn_options=syn.options,
            window=last.header.window,
            ts_value=last.header.options.ts_value if stamped else None,
            ts_echo=self._ts_echo if stamped else None,
            server_mss=syn_ack.options.mss,
            traffic_class=last.traffic_class & 0xFC,
            flow_label=last.flow_label,
            round_trip=None if self._repeated else between(self._syn[0].at, self._syn_ack[0].at),
            server_ttl=self._syn_ack[1].ttl,
        )
