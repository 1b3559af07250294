"""A capture as tshark reads it: a reader that knows nothing of this project."""

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SYN, RST, ACK = 0x02, 0x04, 0x10

_FIELDS = (
    *("frame.time_epoch", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "ip.ttl", "ipv6.hlim", "ip.len", "ipv6.plen"),
    *("tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.len", "tcp.seq_raw", "tcp.ack_raw"),
    *("tls.handshake.extensions_server_name", "icmp.type", "icmp.code", "icmpv6.type", "icmpv6.code"),
)

_IPV6_HEADER = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One packet; an ICMP error has no ports, whatever it quotes."""

    seconds: float
    source: str
    target: str
    ttl: int
    size: int
    """Of the IP packet."""
    port: int
    """From which; 0 where it is no TCP."""
    to_port: int
    flags: int
    payload: int
    sequence: int
    acknowledged: int
    name: str
    """Which server a ClientHello names."""
    icmp: tuple[int, int] | None
    """Type and code."""

    @property
    def is_tcp(self) -> bool:
        return self.port != 0

    @property
    def is_syn(self) -> bool:
        return self.is_tcp and self.flags & (SYN | ACK) == SYN

    @property
    def is_syn_ack(self) -> bool:
        return self.is_tcp and self.flags & (SYN | ACK) == SYN | ACK

    @property
    def is_reset(self) -> bool:
        return self.is_tcp and bool(self.flags & RST)

    @property
    def opens(self) -> bool:
        """Whether it is a SYN of a client, not of a path tool, whose hops are few."""
        return self.is_syn and self.ttl > 32


_SEGMENT = (
    *("frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "ip.ttl", "ipv6.hlim", "ip.id"),
    *(
        "tcp.srcport",
        "tcp.dstport",
        "tcp.seq",
        "tcp.seq_raw",
        "tcp.ack_raw",
        "tcp.flags",
        "tcp.window_size_value",
        "tcp.len",
    ),
    *("tcp.options.mss_val", "tcp.options.wscale.shift", "tcp.options.sack_perm"),
    *("tcp.options.sack_le", "tcp.options.sack_re", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr"),
)
_NAME = ("tls.handshake.extensions_server_name", "http.host")
_ERROR = ("icmp.type", "icmp.code", "icmp.mtu", "icmpv6.type", "icmpv6.code", "icmpv6.mtu")
_CONVERSATION = (
    *("tcp.stream", "tcp.completeness", "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission"),
    *("tcp.analysis.spurious_retransmission", "tcp.analysis.out_of_order"),
)
_RULE = "=" * 80
"""What stands above and below a table of statistics."""


@cache
def _read(capture: Path) -> tuple[list[dict[str, str]], list[str]]:
    """All fields of all frames, and the table of conversations.

    Read once: starting the program takes longer than reading a small capture. In two passes, so that every frame tells
    of its whole conversation.
    """
    fields = sorted({*_SEGMENT, *_NAME, *_ERROR, *_CONVERSATION})
    command = ["tshark", "-2", "-n", "-r", str(capture), "-T", "fields", "-E", "occurrence=a", "-z", "conv,tcp"]
    # Its own reassembly and defragmentation would report fields at other frames than those that carry them.
    # And numbers counted from a beginning are not those of the packets.
    for protocol in ("ip.defragment", "ipv6.defragment", "tcp.desegment_tcp_streams", "tcp.relative_sequence_numbers"):
        command += ["-o", f"{protocol}:FALSE"]
    for name in fields:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    listed, _, statistics = done.stdout.partition(_RULE)
    rows = [dict(zip(fields, line.split("\t"), strict=True)) for line in listed.splitlines()]
    return rows, statistics.splitlines()


def frames(capture: Path) -> list[dict[str, str]]:
    """All fields of all frames of a capture, several values of one field with commas between."""
    return _read(capture)[0]


_TALK = re.compile(r"(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(\d+) .*?\s{2,}(\d+) ")


def conversations(capture: Path) -> Counter[frozenset[tuple[str, int, int]]]:
    """The table of conversations: of each, both ends' address and port and how many packets that end sent."""
    found = [_TALK.match(line) for line in _read(capture)[1]]
    return Counter(
        frozenset({(one[1], int(one[2]), int(one[6])), (one[3], int(one[4]), int(one[5]))}) for one in found if one
    )


@cache
def packets(file: Path) -> tuple[Packet, ...]:
    """All TCP and ICMP of a capture."""
    command = ["tshark", "-n", "-r", str(file), "-Y", "tcp or icmp or icmpv6", "-T", "fields", "-E", "occurrence=f"]
    for field in _FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(_packet(dict(zip(_FIELDS, row.split("\t"), strict=True))) for row in done.stdout.splitlines())


def _packet(row: dict[str, str]) -> Packet:
    six = bool(row["ipv6.src"])
    kind, code = ("icmpv6.type", "icmpv6.code") if six else ("icmp.type", "icmp.code")
    error = (int(row[kind]), int(row[code] or 0)) if row[kind] else None

    def number(field: str) -> int:
        return 0 if error else int(row[field] or "0", 0)

    return Packet(
        seconds=float(row["frame.time_epoch"]),
        source=row["ipv6.src"] if six else row["ip.src"],
        target=row["ipv6.dst"] if six else row["ip.dst"],
        ttl=int(row["ipv6.hlim" if six else "ip.ttl"]),
        size=int(row["ipv6.plen"]) + _IPV6_HEADER if six else int(row["ip.len"]),
        port=number("tcp.srcport"),
        to_port=number("tcp.dstport"),
        flags=number("tcp.flags"),
        payload=number("tcp.len"),
        sequence=number("tcp.seq_raw"),
        acknowledged=number("tcp.ack_raw"),
        name=row["tls.handshake.extensions_server_name"],
        icmp=error,
    )
