"""What mtr prints in place of a host: a name, an address or both, behind what a whois look-up found."""

import re

from bothways.evidence.path_report import HopReply
from bothways.evidence.report_lines import address_in, escaped
from bothways.traces.labels import networks_in
from bothways.units import Duration

MOST_REPLIES = 128
"""Addresses of one hop that mtr keeps at most (`MAXPATH` of mtr 0.96)."""

SILENT = ("???", "(waiting for reply)")

_NETWORK = re.compile(r"AS\d{1,10}")


def replies(host: str, round_trips: tuple[Duration, ...] = (), *, cut: bool = False) -> tuple[HopReply, ...]:
    """The responder that *host* names: `name`, `address` or `name (address)`, after an AS number or a country.

    An AS number becomes one of its networks.

    None where mtr heard nothing; *cut* says that the end of *host* may be missing.
    """
    words = host.split()
    if not words or host.endswith(SILENT):
        return ()
    last, first = words[-1], _NETWORK.fullmatch(words[0]) if len(words) > 1 else None
    networks = networks_in(first[0]) if first else ()
    if last.startswith("(") and len(words) > 1:
        address = address_in(last[1:-1]) if last.endswith(")") and not cut else None
        unnamed = address_in(words[-2]) or words[-2] in SILENT
        name = None if unnamed else escaped(words[-2])
        return (HopReply(name=name, address=address, round_trips=round_trips, networks=networks),)
    address = None if cut else address_in(last)
    name = None if address else escaped(last)
    return (HopReply(name=name, address=address, round_trips=round_trips, networks=networks),)
