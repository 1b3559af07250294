"""The lines above a traceroute's hops."""

import pytest

from bothways.traces.traceroute_head import gave_up, head_in, is_remark, own_address_in


@pytest.mark.parametrize(
    ("text", "destination", "address", "source", "port", "cisco"),
    [
        (
            "traceroute to a.example (192.0.2.1), 30 hops max, 60 byte packets",
            "a.example",
            "192.0.2.1",
            None,
            None,
            False,
        ),
        (
            "traceroute6 to a.example (2001:db8::1) from 2001:db8::2, 64 hops max, 12 byte packets",
            "a.example",
            "2001:db8::1",
            "2001:db8::2",
            None,
            False,
        ),
        (
            "Tracing the path to a.example (192.0.2.1) on TCP port 443 (https), 30 hops max",
            "a.example",
            "192.0.2.1",
            None,
            443,
            False,
        ),
        (
            "traceroute to  a.example(192.0.2.1), max hops: 30 ,packet length: 40,press CTRL_C to break",
            "a.example",
            "192.0.2.1",
            None,
            None,
            False,
        ),
        (
            "traceroute to a.example (192.0.2.1), 30 hops at most, 40 bytes each packet, press CTRL+C to break",
            "a.example",
            "192.0.2.1",
            None,
            None,
            False,
        ),
        ("Tracing the route to 192.0.2.1", "192.0.2.1", "192.0.2.1", None, None, True),
        ("Tracing the route to a.example (192.0.2.1)", "a.example", "192.0.2.1", None, None, True),
        ("traceroute from 192.0.2.9 to 192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.9", None, False),
        ("traceroute to 2001:db8::1 via 2001:db8::9", "2001:db8::1", "2001:db8::1", None, None, False),
        ("mda to 192.0.2.1 (192.0.2.1), 30 hops max, 30 bytes packets", "192.0.2.1", "192.0.2.1", None, None, False),
    ],
)
def test_a_head_names_the_destination(  # noqa: PLR0917 - a table
    text: str,
    destination: str,
    address: str,
    source: str | None,
    port: int | None,
    cisco: bool,  # noqa: FBT001
) -> None:
    head = head_in(text)
    assert head is not None
    assert (head.destination, head.destination_address, head.source) == (destination, address, source)
    assert (head.port, head.cisco, head.probe) == (port, cisco, "tcp-syn" if port else None)


@pytest.mark.parametrize(
    "text",
    ["traceroute to a.example", "traceroute to face", "Tracing route to a.example [192.0.2.1]", " 1  192.0.2.1 1 ms"],
)
def test_other_lines_are_no_head(text: str) -> None:
    assert head_in(text) is None


def test_what_stands_beside_the_hops_is_known() -> None:
    selected = "Selected device eth0, address 192.0.2.10, port 41234 for outgoing packets"
    assert own_address_in(selected) == "192.0.2.10"
    assert own_address_in("Selected device eth0") is None
    assert is_remark(selected)
    assert is_remark("Type escape sequence to abort.")
    assert is_remark("VRF info: (vrf in name/id, vrf out name/id)")
    assert is_remark("traceroute: Warning: a.example has multiple addresses; using 192.0.2.1")
    assert not is_remark("what is this")
    assert gave_up("Destination not reached")
    assert not gave_up("Destination reached")
