"""A quoted packet beside the one that was sent: which probe it is, and what was rewritten on the way.

Devices that translate addresses put those back in the quote (RFC 5508 section 4.2), so that a difference that can be
seen here is one that they left, or that another device made (tracebox: Detal et al. 2013).
"""

from msgspec import Struct

from bothways.evidence.quoted_probe import QuotedProbe
from bothways.probes.arrival import flow_label, traffic_class
from bothways.wire.address import address
from bothways.wire.inside import innermost
from bothways.wire.ip import TCP, parse_ip
from bothways.wire.tcp import HEADER_LENGTH, parse_options

Value = int | str | bool | tuple[tuple[int, int], ...] | None

_PORTS = 4
_NUMBERED = 8
"""Bytes behind the IP header that a router owes: "the first 64 bits of the original datagram's data" (RFC 792)."""

_NOT_COMPARED = frozenset({"ttl", "size", "transport"})
"""TTLs are counted down; lengths were quoted wrongly by many hosts (traceroute(8) of BSD tells of some)."""

ADDRESSES = ("source address", "destination address", "source port", "destination port")
NUMBER = "sequence number"
IDENTIFICATION = "identification"
WINDOW = "window"


class Quoted(Struct, frozen=True, kw_only=True):
    """The fields of a packet, whole or quoted, by their names; what does not stand in it is not among them."""

    fields: dict[str, Value]

    def same(self, other: "Quoted", *names: str) -> bool:
        """Whether both show these fields, and with the same values."""
        return all(
            name in self.fields and name in other.fields and self.fields[name] == other.fields[name] for name in names
        )

    def shows(self, name: str) -> bool:
        """Whether this field came along."""
        return name in self.fields

    def same_number(self, number: int) -> bool:
        """Whether the sequence number is *number*, or is not shown."""
        return self.fields.get(NUMBER, number) == number

    def rewritten(self, sent: "Quoted") -> tuple[str, ...]:
        """The names of what both show, and otherwise, in the order of the headers."""
        return tuple(
            name
            for name, value in self.fields.items()
            if name not in _NOT_COMPARED and name in sent.fields and sent.fields[name] != value
        )

    def probe(self) -> QuotedProbe:
        """As evidence."""
        return QuotedProbe(
            ttl=self._number("ttl"),
            tos=self._number("DSCP", shift=2, plus="ECN"),
            source=self._text("source address"),
            destination=self._text("destination address"),
            source_port=self._number("source port"),
            destination_port=self._number("destination port"),
            ip_id=self._number(IDENTIFICATION),
            size=self._number("size"),
            mss=self._number("MSS"),
        )

    def _number(self, name: str, *, shift: int = 0, plus: str = "") -> int | None:
        value = self.fields.get(name)
        low = self.fields.get(plus, 0)
        return value << shift | low if isinstance(value, int) and isinstance(low, int) else None

    def _text(self, name: str) -> str | None:
        value = self.fields.get(name)
        return value if isinstance(value, str) else None


def read_quote(data: bytes) -> Quoted | None:
    """The fields of a packet from its IP header on, as much of it as there is; of a tunnel's packet, the one inside.

    None where no whole IP header is there.
    """
    outer = parse_ip(data, 0, len(data))
    if outer is None:
        return None
    within = outer if outer.protocol == TCP else innermost(outer, data)
    ip = within if within.protocol == TCP else outer
    fields: dict[str, Value] = {"ttl": outer.ttl}
    if ip is outer:
        tos = traffic_class(data)
        fields |= {"DSCP": tos >> 2, "ECN": tos & 3, "size": ip.start + ip.length}
        if len(ip.source) == 16:
            fields["flow label"] = flow_label(data, ip)
    if ip.identification is not None:
        fields[IDENTIFICATION] = ip.identification
    fields |= {"source address": address(ip.source), "destination address": address(ip.destination)}
    transport = b"" if ip.fragment_offset else data[ip.start : ip.start + ip.length]
    fields |= {"transport": ip.protocol} | _ports(transport)
    return Quoted(fields=fields | (_tcp(transport) if ip.protocol == TCP else _other(transport)))


def _ports(transport: bytes) -> dict[str, Value]:
    if len(transport) < _PORTS:
        return {}
    return {"source port": int.from_bytes(transport[:2]), "destination port": int.from_bytes(transport[2:4])}


def _other(transport: bytes) -> dict[str, Value]:
    """UDP's length; its checksum follows the addresses, and what is behind it tells probes apart."""
    if len(transport) < _NUMBERED:
        return {}
    fields: dict[str, Value] = {"length": int.from_bytes(transport[4:6])}
    if len(transport) > _NUMBERED:
        fields["payload"] = transport[_NUMBERED:].hex()
    return fields


def _tcp(transport: bytes) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    if len(transport) >= _NUMBERED:
        fields[NUMBER] = int.from_bytes(transport[4:8])
    if len(transport) >= 12:
        fields["acknowledgement number"] = int.from_bytes(transport[8:12])
    if len(transport) >= HEADER_LENGTH:
        fields |= {"flags": transport[13], WINDOW: int.from_bytes(transport[14:16])}
        fields |= _options(transport)
    return fields


def _options(transport: bytes) -> dict[str, Value]:
    """What the options say; nothing of those that were cut off."""
    options = parse_options(transport, HEADER_LENGTH, (transport[12] >> 4) * 4)
    found: dict[str, Value] = {
        "MSS": options.mss,
        "window scale": options.window_scale,
        "SACK permitted": options.sack_permitted or None,
        "timestamp": options.ts_value,
        "timestamp echo": options.ts_echo,
        "options": options.others or None,
    }
    return {name: value for name, value in found.items() if value is not None or not options.cut}
