"""What mtr prints in place of a host: a name, an address or both, behind what a whois look-up found."""

from bothways.evidence.path_report import HopReply
from bothways.evidence.report_lines import address_in, escaped
from bothways.units import Duration

MOST_HOPS = 255
"""A TTL is one octet (RFC 791 section 3.1), a hop limit too (RFC 8200 section 3)."""

MOST_REPLIES = 128
"""Addresses of one hop that mtr keeps at most (`MAXPATH` of mtr 0.96)."""

SILENT = ("???", "(waiting for reply)")


def replies(host: str, round_trips: tuple[Duration, ...] = (), *, cut: bool = False) -> tuple[HopReply, ...]:
    """The responder that *host* names: `name`, `address` or `name (address)`, after an AS number or a country.

    None where mtr heard nothing; *cut* says that the end of *host* may be missing.
    """
    words = host.split()
    if not words or host.endswith(SILENT):
        return ()
    last = words[-1]
    if last.startswith("(") and len(words) > 1:
        address = address_in(last[1:-1]) if last.endswith(")") and not cut else None
        unnamed = address_in(words[-2]) or words[-2] in SILENT
        return (HopReply(name=None if unnamed else escaped(words[-2]), address=address, round_trips=round_trips),)
    address = None if cut else address_in(last)
    return (HopReply(name=None if address else escaped(last), address=address, round_trips=round_trips),)
