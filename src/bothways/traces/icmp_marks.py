"""Which mark an ICMP error is, by its type and code (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443 section 3)."""

from bothways.evidence.path_report import Mark

_V4: dict[int, Mark | None] = {
    0: Mark.NETWORK,
    1: Mark.HOST,
    2: Mark.PROTOCOL,
    3: None,  # The port: the destination itself, and what a probe by UDP waits for.
    4: Mark.NEEDS_FRAGMENTATION,
    5: Mark.SOURCE_ROUTE,
    6: Mark.NETWORK,
    7: Mark.HOST,
    9: Mark.PROHIBITED,
    10: Mark.PROHIBITED,
    11: Mark.SERVICE,
    12: Mark.SERVICE,
    13: Mark.PROHIBITED,
    14: Mark.PRECEDENCE,
    15: Mark.CUTOFF,
}
_V6: dict[int, Mark | None] = {
    0: Mark.NETWORK,
    1: Mark.PROHIBITED,
    3: Mark.HOST,
    4: None,
    # More exactly said than code 1, of which they are cases.
    5: Mark.PROHIBITED,
    6: Mark.PROHIBITED,
}


def mark_of(kind: int | None, code: int | None, *, v6: bool) -> tuple[Mark, ...]:
    """The mark of an ICMP message of type *kind*; none for time exceeded, an echo reply and a port unreachable."""
    match (v6, kind):
        case (False, 3):
            mark = _V4.get(code, Mark.OTHER) if code is not None else Mark.OTHER
        case (True, 1):
            mark = _V6.get(code, Mark.OTHER) if code is not None else Mark.OTHER
        case (True, 2):
            mark = Mark.NEEDS_FRAGMENTATION
        case (True, 4) if code == 1:
            mark = Mark.PROTOCOL
        case _:
            mark = None
    return (mark,) if mark else ()
