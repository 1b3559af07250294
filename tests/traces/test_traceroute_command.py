"""Calls of traceroute and its relatives."""

import pytest

from bothways.traces.traceroute_command import understood


@pytest.mark.parametrize(
    ("call", "probe", "port"),
    [
        ("traceroute a.example", "udp", None),
        ("traceroute -I a.example", "icmp", None),
        ("traceroute -T -p 443 a.example", "tcp-syn", 443),
        ("traceroute -T a.example", "tcp-syn", 80),
        ("traceroute -T -O ack a.example", None, None),
        ("traceroute -p 99999 -T a.example", "tcp-syn", 80),
        ("traceroute -D a.example", None, None),
        ("traceroute -P TCP a.example", "tcp-syn", 80),
        ("tcptraceroute a.example 8443", "tcp-syn", 8443),
        ("tcptraceroute -n a.example", "tcp-syn", 80),
    ],
)
def test_a_call_tells_what_was_sent(call: str, probe: str | None, port: int | None) -> None:
    found = understood(call.split())
    assert (found.probe, found.port) == (probe, port)
