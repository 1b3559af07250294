import pytest
from msgspec.structs import replace

from bothways.connections.identity import identity
from bothways.evidence.segment import Flags, Segment
from tests.helpers.network import Network


def segment(**more: object) -> Segment:
    network = Network("client")
    talk = network.talk()
    talk.stamps = True
    talk.there(0, "PA", 100)
    (seen,) = network.exchange().seen
    return replace(seen.there[0], **more)


def test_routers_and_offload_may_change_ttl_ecn_and_push() -> None:
    sent = segment()
    arrived = segment(ttl=58, frame=9, flags=Flags.ACK | Flags.ECE)
    assert identity(sent) == identity(arrived)


@pytest.mark.parametrize(
    "change", [{"seq": 5}, {"ack": 5}, {"payload": 99}, {"ip_id": 7}, {"flags": Flags.ACK | Flags.FIN}]
)
def test_what_tells_packets_apart_stays_apart(change: dict[str, object]) -> None:
    assert identity(segment()) != identity(segment(**change))


def test_a_repeat_differs_by_its_timestamp_alone() -> None:
    first = segment()
    again = replace(first, options=replace(first.options, ts_value=99))
    assert identity(first) != identity(again)


def test_an_identification_of_nought_says_nothing() -> None:
    assert identity(segment(ip_id=0)) == identity(segment(ip_id=None))
