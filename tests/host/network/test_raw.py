import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.host.network.raw import Bucket, RawSender, RefusedError
from bothways.units import SECOND, Instant

NOW = Instant(1_795_000_000 * SECOND)
TARGET = "192.0.2.1"


def packet(destination: str = TARGET, *, source: str = "192.0.2.99", length: int | None = None) -> bytes:
    ends = ip_address(source).packed + ip_address(destination).packed
    total = 40 if length is None else length
    return struct.pack(">BBHHHBBH", 0x45, 0, total, 7, 0, 3, 6, 0) + ends + bytes(20)


@pytest.mark.parametrize(
    "destination",
    ["224.0.0.1", "ff02::1", "255.255.255.255", "0.0.0.0", "::", "192.0.2.0/24", "example.org", "192.0.2.1-9", ""],  # noqa: S104 - nothing is bound
)
def test_what_is_not_one_hosts_address_is_no_destination(destination: str) -> None:
    with pytest.raises(RefusedError, match="one"):
        RawSender([TARGET, destination])


def test_packets_to_anybody_else_are_refused() -> None:
    with (
        RawSender([TARGET]) as raw,
        pytest.raises(RefusedError, match=r"192\.0\.2\.2 is neither a target"),
    ):
        raw.send(packet("192.0.2.2"), NOW)
    assert raw.sent == 0


@pytest.mark.parametrize("broken", [b"", b"\x45", packet(length=0), packet(length=41), packet(length=39), bytes(40)])
def test_what_is_no_whole_packet_is_refused(broken: bytes) -> None:
    with RawSender([TARGET]) as raw, pytest.raises(RefusedError, match="no whole IP packet"):
        raw.send(broken, NOW)


def test_after_the_most_nothing_is_sent() -> None:
    with RawSender([TARGET], most=0) as raw, pytest.raises(RefusedError, match="0 probes were sent"):
        raw.send(packet(), NOW)


@given(
    st.floats(min_value=1, max_value=1000),
    st.integers(min_value=1, max_value=50),
    st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=100),
)
def test_no_more_is_sent_than_the_rate_and_one_burst(rate: float, burst: int, waits: list[int]) -> None:
    bucket = Bucket(rate, burst)
    now, sent = NOW, 0
    for wait in waits:
        now = Instant(now + wait)
        if bucket.ready(now) <= now:
            bucket.take(now)
            sent += 1
        assert sent <= burst + (now - NOW) / SECOND * rate + 1e-6


def test_after_its_wait_a_packet_may_go() -> None:
    bucket = Bucket(50, 2)
    for _ in range(5):
        bucket.take(NOW)
    ready = bucket.ready(NOW)
    assert ready > NOW
    assert bucket.ready(ready) <= ready + 1


def test_a_clock_set_back_sends_nothing_early() -> None:
    bucket = Bucket(1, 1)
    bucket.take(NOW)
    assert bucket.ready(Instant(NOW - 5 * SECOND)) > NOW - 5 * SECOND
