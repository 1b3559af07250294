"""What pass one keeps of a capture: one row of counters per connection and way, and how good the observer was.

This is the schema that every capture reader fills (plain Python or native). A row holds no judgement: `opener` is
simply who sent the first packet that was seen. Everything by which failures differ is a column, so that signatures and
exemplars can be chosen from rows alone; the packets of the chosen connections come from pass two (`Packets`).
"""

from msgspec import Struct, field

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.left_out import Crowd
from bothways.evidence.problem import Problem
from bothways.evidence.segment import Content, Segment
from bothways.units import Duration, Instant

NO_TIME = Duration(0)


class WayCounters(Struct, kw_only=True):
    """What one end of a connection sent, as far as this observer saw. Zero means "saw none", not "there was none"."""

    packets: int = 0
    syns: int = 0
    """SYN without ACK, repeats included, duplicates excluded (so are all counters below)."""

    syn_acks: int = 0
    bare_acks: int = 0
    """ACKs without payload, SYN, FIN or RST."""

    data: int = 0
    """Segments with payload, including repeats."""

    payload: int = 0
    """Bytes of payload, including repeats."""

    fins: int = 0
    resets: int = 0

    repeated: int = 0
    """Data, SYN or FIN segments all of whose sequence space this way had shown before: retransmissions."""

    refilled: int = 0
    """Segments that filled a hole 3 ms or more after the hole appeared: loss before the observer, repaired."""

    reordered: int = 0
    """Segments that filled a hole sooner: out of order, not lost."""

    duplicates: int = 0
    """Copies of a packet that the observer saw twice; counted here only."""

    falls: int = 0
    """How often in a row one packet came by again with a lower TTL, at most, each time 100 ms or less after the time
    before: routers that hand it to each other do so. 1 where a router was captured on both its sides."""

    fell_to: int | None = None
    """The lowest TTL of these; None where no packet came by again with a lower one."""

    largest: int = 0
    """Largest payload of a single segment, bytes."""

    isn: int | None = None
    """Initial sequence number, from a SYN or SYN+ACK; None where neither was seen."""

    first_ack: int | None = None
    """First acknowledgement number seen with the ACK bit set, not on a RST; absolute."""

    end: int | None = None
    """Highest sequence number sent plus what it occupies (payload, SYN, FIN), absolute; None before any non-RST
    packet."""

    acked: int | None = None
    """Highest acknowledgement number sent, absolute, not on a RST; None if none."""

    advanced: Instant | None = None
    """When `end` last grew by payload (not by SYN or FIN); None while no payload was seen."""

    stuck: int = 0
    """Segments repeated since the way last showed anything new: what its sender tries again and again."""

    stuck_until: Instant | None = None
    """When the last of them was seen; None while there is none."""

    first: Instant | None = None
    last: Instant | None = None
    first_number: int | None = None
    """Place of its first packet among all packets of the capture, from 1."""

    ttl: int | None = None
    """TTL of the first packet that was not a RST; of a RST where nothing else was seen; None if no packet."""

    ttl_lowest: int | None = None
    ttl_highest: int | None = None

    mss: int | None = None
    """MSS option of the SYN or SYN+ACK."""

    ts_value: int | None = None
    """TSval of the first SYN or SYN+ACK; None where neither was seen or it had none."""

    ts_echo: int | None = None
    """TSecr of the first SYN or SYN+ACK: of a SYN+ACK, the TSval of the SYN that it answers."""

    ip_id: int | None = None
    """IPv4 identification of the first SYN or SYN+ACK; None for IPv6 and where neither was seen."""

    zero_windows: int = 0
    """Segments that were not SYN or RST and announced window 0."""

    shut: int = 0
    """How many of them in a row were the last that this way said of its window; 0 where its window is open."""

    shut_since: Instant | None = None
    """When the first of these came; None where its window is open."""

    icmp_errors: int = 0
    """ICMP errors seen that quote a packet of this way."""

    expired_at: str | None = None
    """Address of the router that said last that the hops of a packet ran out in transit; None where none did."""

    missed: int = 0
    """Bytes of this way that the other end acknowledged and this observer never saw, as far as it remembers the holes:
    the capture lost them, or they passed elsewhere. 0 where nothing of the way was seen at all."""

    name: str | None = None
    """First server name that this way carried (SNI or HTTP Host), escaped text."""

    opening: Content = Content.NOTHING
    """What the first payload of this way begins with."""

    turns_away: bool = False
    """That first payload refuses the service, as words of a server that speaks first do."""

    alert: int | None = None
    """Description of the first fatal alert of TLS that could be read."""

    sealed_alert: bool = False
    """The first thing that this way encrypted is as short as an alert of TLS."""

    ciphered: bool = False
    """This way showed records of TLS that are encrypted, or a change of cipher; `sealed_alert` alone does not count."""

    statuses: tuple[tuple[int, int], ...] = ()
    """Statuses of HTTP responses, those of 100 to 199 left out, each with how often it came, in order of appearance."""

    layers: tuple[str, ...] = ()
    """What carried the first packet of this way (`Segment.layers`)."""


class ConnectionRow(Struct, kw_only=True):
    """One connection as one observer saw it."""

    number: int
    """From 0 in order of first appearance in the capture; unique in it."""

    opener: Endpoint
    """Who sent the first packet seen."""

    other: Endpoint
    first_frame: int
    """Frame of its first packet, in the file that `part` tells: what is cited."""

    part: int = 0
    """Which of the capture's files holds its first packet, as an index into `Survey.parts`."""

    first_number: int
    """Place of its first packet among all packets of the capture, from 1: the frame, where the capture is one file."""

    last_number: int

    history: str = ""
    """What happened in order, after Zeek's conn.log: S SYN, H SYN+ACK, A bare ACK, D data, F FIN, R RST, T repeated
    data,
    U ICMP error about this way; capitals for the opener, small letters for the other. A letter that repeats at once in
    the same run stands once; repeats of S and H stand each, up to eight in a row."""

    sent: WayCounters = field(default_factory=WayCounters)
    """What the opener sent."""

    received: WayCounters = field(default_factory=WayCounters)
    """What the other end sent."""

    stands_for: int = 1
    """How many connections that went alike it stands for, itself included; the others have no rows
    (`bothways.captures.thinning`)."""


class Chosen(Struct, frozen=True, kw_only=True):
    """A connection whose packets pass two shall extract."""

    number: int
    opener: Endpoint
    other: Endpoint
    first_number: int
    last_number: int
    """Packets outside this range, counted over all files of the capture, belong to another use of the same ports."""


class Packets(Struct, frozen=True, kw_only=True):
    """Everything that one capture holds of one chosen connection, in capture order, duplicates included."""

    number: int
    segments: tuple[Segment, ...]
    errors: tuple[IcmpError, ...]


class Survey(Struct, frozen=True, kw_only=True):
    """Pass one over one capture: the rows and the observer."""

    file: str
    """The first file's name, by which the capture is known."""

    parts: tuple[str, ...] = ()
    """The names of all its files in the order in which they were read, one for most; empty stands for `file` alone."""

    format: str
    """`pcap`, `pcap (nanoseconds)` or `pcapng`; where its files differ, each once, with commas."""

    link_types: tuple[str, ...]
    """Names of the link types met, in order: `ethernet`, `linux-cooked-v1`, ... or `link type 147` where unknown."""

    snap_length: int | None
    """Bytes kept per packet as the file says; None where it says no limit."""

    packets: int
    """All packets in the file that were read, of whatever protocol."""

    tcp_packets: int
    other_ip_packets: int
    """IP packets that carry neither TCP nor an ICMP error about TCP."""

    first: Instant | None
    """Time of the first packet; None in a capture without packets. Time runs at least to `last`."""

    last: Instant | None
    final: Instant | None = None
    """Time of the last packet in the order of the file; earlier than `last` where the clock was set back."""

    steps_back: int = 0
    """How often a packet's time lies a second or more before that of the packet ahead of it in the file: the clock was
    set back, or pieces of several captures were put one behind the other."""

    furthest_back: Duration = NO_TIME
    """The largest of these steps."""

    disordered: int = 0
    """Packets less than a second earlier than the one ahead of them in the file, as where several queues or interfaces
    are written to one file."""

    longest_silence: Duration = NO_TIME
    """The longest time without any packet between two that follow each other in the file."""

    silent_from: Instant | None = None
    """When that began; None in a capture of fewer than two packets."""

    cut_packets: int
    """Packets of which the snap length cut TCP header bytes off, or all that a tunnel carries: what they carried there
    is unknown, not absent."""

    largest_frame: int
    """Largest packet on the wire by the file's own word, bytes; above the MTU it shows offload."""

    dropped: int | None
    """Packets that the capturing program says it lost, at least; None where no file says so, and where one that says
    nothing stands beside others that lost none."""

    ended_early: bool = False
    """A file of it ends within a record: the capture was cut off, or not written to its end."""

    names: tuple[tuple[str, str], ...] = ()
    """(address, name) as the file itself resolves them, each address once, names escaped."""

    filter: str | None = None
    """The capture filter that the file says was in force, escaped, several with semicolons; None where it names none,
    which does not mean that there was none."""

    rows: tuple[ConnectionRow, ...]
    problems: tuple[Problem, ...]

    layers: tuple[tuple[str, int], ...] = ()
    """Kinds of encapsulation with the packets of TCP that each carried, in order of appearance: `vlan`, `vxlan`. Of
    encrypted packets, whose content nobody sees, all."""

    fragments: int = 0
    """IP packets that were fragments."""

    unfinished: int = 0
    """Fragmented datagrams of which not all fragments were seen: what was to follow is unknown, not absent."""

    crowd: Crowd | None = None
    """What was left out, where there are more connections than are held; None where each has a row."""

    thinned: int = 0
    """Connections that have no rows because others, which went alike, stand for them (`ConnectionRow.stands_for`)."""

    encrypted: int = 0
    """Packets whose content only the holders of a key see (ESP, MACsec, protected Wi-Fi): connections in them are
    hidden, not absent."""

    @property
    def end(self) -> Instant | None:
        """Until when the capture ran, by its clock: the earlier of `last` and `final`, so that no wait is overrated."""
        if self.last is None or self.final is None:
            return self.last
        return min(self.last, self.final)

    @property
    def connections(self) -> int:
        """How many there are; a row may stand for several."""
        return sum([row.stands_for for row in self.rows])

    def file_of(self, part: int) -> str:
        """Name of the file that holds a packet."""
        return self.parts[part] if part < len(self.parts) else self.file
