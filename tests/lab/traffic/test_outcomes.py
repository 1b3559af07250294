"""What errors stand for, and how an outcome is written down."""

import errno
import json

import pytest

from bothways.lab.traffic.outcomes import Ended, Outcome, ended_by, line
from bothways.units import Instant, seconds
from tests.lab.traffic.pair import visit


@pytest.mark.parametrize(
    ("number", "ended"),
    [
        (errno.ECONNREFUSED, "refused"),
        (errno.ECONNRESET, "reset"),
        (errno.EPIPE, "reset"),
        (errno.ETIMEDOUT, "timed out"),
        (errno.EHOSTUNREACH, "unreachable"),
        (errno.ENETUNREACH, "unreachable"),
        (errno.EACCES, "unreachable"),  # IPv6, "administratively prohibited"
        (errno.ENOBUFS, "failed"),
    ],
)
def test_an_error_of_the_kernel_has_a_name(number: int, ended: Ended) -> None:
    assert ended_by(OSError(number, "")) == ended


def test_patience_that_ends_and_an_early_end_have_names_too() -> None:
    assert (ended_by(TimeoutError()), ended_by(EOFError())) == ("timed out", "closed")


def test_a_line_of_the_log_is_a_json_object_with_the_moment_to_the_nanosecond() -> None:
    outcome = Outcome(
        visit=visit("ask", name="a.example"),
        began=Instant(1_700_000_000_000_000_001),
        address="192.0.2.1",
        port=40000,
        ended="timed out",
        connected=True,
        closed=False,
        took=seconds(9.25),
        sent=60,
        received=0,
    )
    assert not outcome.done
    assert "\n" not in line(outcome)
    assert json.loads(line(outcome)) == {
        "began": "2023-11-14T22:13:20.000000001Z",
        "node": "client",
        "address": "192.0.2.1",
        "port": 40000,
        "to": "192.0.2.2",
        "to_port": 80,
        "name": "a.example",
        "does": "ask",
        "ended": "timed out",
        "connected": True,
        "closed": False,
        "seconds": 9.25,
        "sent": 60,
        "received": 0,
    }
