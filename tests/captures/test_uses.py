"""Which of many connections between the same ends a packet belongs to."""

from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.uses import Uses
from bothways.evidence.capture import Chosen
from bothways.evidence.endpoint import Endpoint

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)))


@given(spans=SPANS, number=st.integers(0, 31))
def test_a_packet_finds_every_use_that_it_stands_in(spans: list[tuple[int, int]], number: int) -> None:
    chosen = [
        Chosen(
            number=place,
            opener=Endpoint("10.0.0.1", 40_000),
            other=Endpoint("192.0.2.1", 443),
            first_number=first,
            last_number=last,
        )
        for place, (first, last) in enumerate(spans)
    ]
    inside = [place for place, (first, last) in enumerate(spans) if first <= number <= last]
    assert sorted(Uses(chosen).around(number)) == inside
