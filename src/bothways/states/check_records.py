"""The records of a check's log: each a line, each by itself, and none of them to be trusted before it was looked at."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bothways.evidence.attempt import Attempt
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeTrace, Reply, Shot
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.evidence.report_lines import address_in, escaped
from bothways.evidence.socket import Socket
from bothways.units import SECOND

LAST_MOMENT = (1 << 63) - 1
"""Nanoseconds since 1970 that fit into 64 bits, which is the year 2262."""

LONGEST_WAIT = 24 * 3600 * SECOND
"""No check takes a day."""

LARGEST_COUNT = 1 << 53
"""Bytes or packets of a check that could be meant."""

LARGEST_PACKET = 65_575
"""Bytes of the largest IPv6 packet: its payload's length has 16 bits, beside a header of 40 bytes (RFC 8200)."""

MOST_REPLIES = 100
"""Answers to one probe that are kept: a sound network gives one, a reflecting loop thousands."""

MOST_REWRITTEN = 20
"""Fields of a packet that a device may have changed."""

_Read = TypeVar("_Read", bound=Struct)


class UnreadableRecordError(ValueError):
    """A record that cannot be meant; the message is a sentence for people."""


def attempt_of(values: dict[str, Any], line: int) -> Attempt:
    """An attempt as line *line* has it. Raises UnreadableRecordError."""
    read = _converted({**values, "line": line, "outcome_line": line}, Attempt)
    _within("port", read.port, 1, 0xFFFF)
    _within("status", read.status, 100, 999)
    _within("began", read.began, 0, LAST_MOMENT)
    _within("segment", read.segment, 1, 0xFFFF)
    for name in ("took", "connected_after", "answered_after"):
        _within(name, getattr(read, name), 0, LONGEST_WAIT)
    for name in ("sent", "received"):
        _within(name, getattr(read, name), 0, LARGEST_COUNT)
    return replace(
        read,
        name=_text(read.name),
        address=_address(read.address),
        scheme=_text(read.scheme),
        source=_end(read.source),
        said_name=_text(read.said_name),
    )


def socket_of(values: dict[str, Any], line: int) -> Socket:
    """A socket as line *line* has it. Raises UnreadableRecordError."""
    read = _converted({**values, "line": line}, Socket)
    _within("local_port", read.local_port, 1, 0xFFFF)
    for name in ("received", "pending", "retries", "dropped"):
        _within(name, getattr(read, name), 0, LARGEST_COUNT)
    for name in read.progress.__struct_fields__ if read.progress else ():
        _within(name, getattr(read.progress, name), 0, LARGEST_COUNT)
    return replace(read, local_address=_address(read.local_address), peer=_end(read.peer))


def trace_of(values: dict[str, Any], line: int) -> ProbeTrace:
    """A trace as line *line* has it, without its shots. Raises UnreadableRecordError."""
    read = _converted({**values, "line": line, "shots": ()}, ProbeTrace)
    _within("size", read.size, 20, LARGEST_PACKET)
    _within("ended", read.ended, 0, LAST_MOMENT)
    source, destination = _required(read.source), _required(read.destination)
    if (":" in source.address) != (":" in destination.address):
        message = "its two ends are of different families"
        raise UnreadableRecordError(message)
    return replace(read, source=source, destination=destination, name=_text(read.name))


def shot_of(values: dict[str, Any], line: int) -> Shot:
    """A probe as line *line* has it. Raises UnreadableRecordError."""
    read = _converted({**values, "line": line}, Shot)
    _within("ttl", read.ttl, 1, 0xFF)
    _within("at", read.at, 0, LAST_MOMENT)
    return replace(read, replies=tuple(_reply(reply) for reply in read.replies[:MOST_REPLIES]))


def number_of_trace(values: dict[str, Any]) -> int:
    """The line of the trace that a probe belongs to. Raises UnreadableRecordError."""
    number = values.get("trace")
    if not isinstance(number, int) or isinstance(number, bool):
        message = "it does not say of which trace it is"
        raise UnreadableRecordError(message)
    return number


def _reply(reply: Reply) -> Reply:
    _within("after", reply.after, 0, LONGEST_WAIT)
    _within("ttl", reply.ttl, 0, 0xFF)
    _within("mtu", reply.mtu, 0, 0xFFFF)
    return replace(
        reply,
        sender=_address(reply.sender),
        quoted=None if reply.quoted is None else _quoted(reply.quoted),
        rewritten=tuple(escaped(field) for field in reply.rewritten[:MOST_REWRITTEN]),
    )


def _quoted(quoted: QuotedProbe) -> QuotedProbe:
    for name in ("ttl", "tos"):
        _within(name, getattr(quoted, name), 0, 0xFF)
    for name in ("source_port", "destination_port", "ip_id", "size", "mss"):
        _within(name, getattr(quoted, name), 0, 0xFFFF)
    return replace(quoted, source=_address(quoted.source), destination=_address(quoted.destination))


def _converted(values: dict[str, Any], wanted: type[_Read]) -> _Read:
    try:
        return msgspec.convert(values, wanted)
    except msgspec.ValidationError as error:
        raise UnreadableRecordError(escaped(str(error))) from None


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        message = f"`{name}` is {_short(value)}, which it cannot be"
        raise UnreadableRecordError(message)


def _short(value: int) -> str:
    # Python refuses to print numbers of thousands of digits.
    return str(value) if abs(value) <= 1 << 64 else "a number of more than 64 bits"


def _text(text: str | None) -> str | None:
    return None if text is None else escaped(text)


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    address = address_in(text)
    if address is None:
        message = f"{escaped(text, 80)} is no IP address"
        raise UnreadableRecordError(message)
    return address


def _end(end: Endpoint | None) -> Endpoint | None:
    return None if end is None else _required(end)


def _required(end: Endpoint) -> Endpoint:
    _within("port", end.port, 0, 0xFFFF)
    return Endpoint(_address(end.address) or "", end.port)
