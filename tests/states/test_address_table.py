"""Forms as documented: iptoasn.com ("ip2asn-v4.tsv"), github.com/sapics/ip-location-db (asn), pyasn's data files,
CAIDA's routeviews-prefix2as; the addresses are from documentation ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.networks import Network
from bothways.states.address_table import Lookup, recognises, row_in

IPTOASN = """\
192.0.2.0\t192.0.2.255\t64496\tUS\tEXAMPLE-NET Example Networks
198.51.100.0\t198.51.100.127\t0\tNone\tNot routed
198.51.100.128\t198.51.100.255\t64497\tDE\tOTHER
2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64498\tFR\tSIXNET
"""
IP_LOCATION = """\
192.0.2.0,192.0.2.255,64496,"Example, Networks"
2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64498,SIXNET
"""
PYASN = """\
; IP-ASN32-DAT file
; Original file : rib
192.0.2.0/24\t64496
192.0.2.128/25\t64497
2001:db8::/32\t64498
"""
CAIDA = """\
192.0.2.0\t24\t64496
198.51.100.0\t24\t64497_64499
203.0.113.0\t24\t64500,64501
"""


def owners(text: str, *wanted: str) -> dict[str, int]:
    lookup = Lookup(wanted)
    for line in text.splitlines():
        lookup.feed(line)
    return {address: network.number for address, network in lookup.owners().items()}


@pytest.mark.parametrize("text", [IPTOASN, IP_LOCATION, PYASN, CAIDA])
def test_each_form_is_recognised_and_tells_an_address_network(text: str) -> None:
    assert recognises(text.splitlines())
    assert owners(text, "192.0.2.1", "8.8.8.8") == {"192.0.2.1": 64496}


def test_organisations_are_told_and_countries_are_none() -> None:
    lookup = Lookup(["192.0.2.1"])
    lookup.feed(IPTOASN.splitlines()[0])
    assert lookup.owners()["192.0.2.1"] == Network(number=64496, organisation="EXAMPLE-NET Example Networks")
    row = row_in("192.0.2.0,192.0.2.255,64496,US")
    assert row is not None
    assert row.network == Network(number=64496)


def test_what_nobody_announces_is_nobodys() -> None:
    assert owners(IPTOASN, "198.51.100.1", "198.51.100.200") == {"198.51.100.200": 64497}


def test_the_narrowest_prefix_counts_whatever_its_place() -> None:
    assert owners(PYASN, "192.0.2.200", "192.0.2.1") == {"192.0.2.200": 64497, "192.0.2.1": 64496}
    assert owners("\n".join(reversed(PYASN.splitlines())), "192.0.2.200") == {"192.0.2.200": 64497}


def test_of_several_origins_the_first_counts() -> None:
    assert owners(CAIDA, "198.51.100.1", "203.0.113.1") == {"198.51.100.1": 64497, "203.0.113.1": 64500}


def test_column_names_and_what_is_no_row_are_passed_over() -> None:
    assert recognises(["start,end,asn,name", *IP_LOCATION.splitlines()])
    assert not recognises(["start,end,asn,name"])
    assert not recognises(["a", "b", *IP_LOCATION.splitlines()])
    assert not recognises(["192.0.2.1 1.5 ms", "192.0.2.9 3"])
    lookup = Lookup([])
    for line in ("start,end,asn", "192.0.2.0/24\t64496", "# x", "", "192.0.2.0/24\tAS-SET", "192.0.2.9\t192.0.2.1\t7"):
        lookup.feed(line)
    assert (lookup.rows, lookup.not_understood) == (1, 2)


@given(st.text(max_size=120))
def test_no_line_raises(line: str) -> None:
    lookup = Lookup(["192.0.2.1", "2001:db8::1"])
    lookup.feed(line)
    lookup.feed("192.0.2.0\t" + line)
    lookup.feed(f"192.0.2.0,192.0.2.255,{line}")
    assert isinstance(recognises([line]), bool)


@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(1, 9)), max_size=20), st.integers(0, 255)
)
def test_the_narrowest_row_that_holds_an_address_is_found(rows: list[tuple[int, int, int]], wanted: int) -> None:
    text = "\n".join(f"192.0.2.{min(a, b)}\t192.0.2.{max(a, b)}\t{number}" for a, b, number in rows)
    holding = [(abs(a - b), number) for a, b, number in rows if min(a, b) <= wanted <= max(a, b)]
    best = {number for width, number in holding if width == min(holding)[0]}
    found = owners(text, f"192.0.2.{wanted}")
    assert set(found.values()) <= best
    assert bool(found) is bool(best)
