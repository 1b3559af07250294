"""What is told at a glance is what the long way finds."""

from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.outcome import Outcome, fate_by_all, fate_of
from bothways.connections.plain import plainly_worked
from bothways.connections.sides import sides_of
from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Content
from bothways.units import Instant
from tests.helpers.network import Network, worked

NUMBERS = st.sampled_from([None, 0, 1, 2, 100, 101, 102, 103, 2**32 - 1])
COUNTS = st.sampled_from([0, 1, 1, 2, 3])
MOMENTS = st.sampled_from([None, 0, 1, 10**9, 9 * 10**9]).map(lambda at: None if at is None else Instant(at))
WAYS = st.builds(
    WayCounters,
    packets=st.integers(1, 9),
    syns=COUNTS,
    syn_acks=COUNTS,
    bare_acks=COUNTS,
    data=COUNTS,
    payload=st.sampled_from([0, 1, 100]),
    fins=COUNTS,
    resets=st.sampled_from([0, 0, 0, 1]),
    isn=NUMBERS,
    end=NUMBERS,
    acked=NUMBERS,
    first_ack=NUMBERS,
    first=MOMENTS,
    last=MOMENTS,
    advanced=MOMENTS,
    stuck=COUNTS,
    shut=COUNTS,
    ttl_highest=st.sampled_from([None, 3, 64]),
    opening=st.sampled_from(Content),
    sealed_alert=st.booleans(),
    turns_away=st.booleans(),
    alert=st.sampled_from([None, None, 40]),
    statuses=st.sampled_from([(), (), ((503, 1),)]),
)
HISTORIES = st.one_of(st.just("ShADadFf"), st.text("SsHhAaDdFfRrTtUu", max_size=10))


@given(sent=WAYS, received=WAYS, history=HISTORIES)
def test_what_plainly_worked_did_work(sent: WayCounters, received: WayCounters, history: str) -> None:
    received.syns = sent.syn_acks = 0
    row = ConnectionRow(
        number=0,
        opener=Endpoint("10.0.0.1", 40_000),
        other=Endpoint("192.0.2.1", 443),
        first_frame=1,
        first_number=1,
        last_number=9,
        history=history,
        sent=sent,
        received=received,
    )
    sides, end = sides_of(row), Instant(20 * 10**9)
    if plainly_worked(sides):
        assert fate_by_all(sides, capture_end=end).outcome is Outcome.WORKED
    assert fate_of(sides, capture_end=end) == fate_by_all(sides, capture_end=end)


def test_an_ordinary_connection_plainly_worked() -> None:
    network = Network("client")
    worked(network.talk())
    assert plainly_worked(network.seen("client").sides)
