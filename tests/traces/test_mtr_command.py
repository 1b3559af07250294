"""The call above an mtr report says where the probes went (mtr(8))."""

import pytest

from bothways.traces.mtr_command import understood


@pytest.mark.parametrize(
    ("call", "destination", "probe"),
    [
        ("mtr host", "host", "icmp"),
        ("mtr -rwc 2 host", "host", "icmp"),
        ("mtr -rwc2 host", "host", "icmp"),
        ("mtr host -T -P 443", "host", "tcp-syn"),
        ("mtr -wTP443 host", "host", "tcp-syn"),
        ("mtr --tcp --port 443 --report-cycles=5 host", "host", "tcp-syn"),
        ("mtr -u -o LSD -I eth0 host", "host", "udp"),
        ("mtr -S host", "host", None),
        ("mtr one two", None, "icmp"),
        ("mtr -c", None, "icmp"),
        ("mtr -", "-", "icmp"),
    ],
)
def test_calls_are_understood(call: str, destination: str | None, probe: str | None) -> None:
    command = understood(call.split())
    assert (command.destination, command.probe) == (destination, probe)
