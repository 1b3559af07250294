"""A fact from a bad observer is unknown, or unsure."""

import pytest
from msgspec.structs import replace

from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Keeps, Quality
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.trust import resting_on_absence
from bothways.unknown import Unknown
from bothways.way import Way
from tests.helpers.network import Network, worked

NONE = Fact(kind=SERVER_SENT_PAYLOAD, answer=Payload.NO, says="nothing came", cites=(Citation(file="a"),))


def rested(quality: Quality, way: Way = Way.BACK) -> Fact:
    network = Network("client")
    worked(network.talk())
    seen = network.seen("client")
    seen = replace(seen, observer=replace(seen.observer, quality=quality))
    return resting_on_absence(NONE, seen, way, PacketClass.SYN_ACK, PacketClass.DATA)


def test_a_good_observer_keeps_the_fact_as_it_is() -> None:
    assert rested(Quality()) == NONE


@pytest.mark.parametrize(
    ("quality", "why"),
    [
        (Quality(keeps=Keeps.OPENINGS), "only packets with SYN"),
        (Quality(blind=frozenset({Way.BACK})), "nothing of the way back"),
    ],
)
def test_what_would_not_have_shown_is_unknown_with_its_reason(quality: Quality, why: str) -> None:
    fact = rested(quality)
    assert isinstance(fact.answer, Unknown)
    assert why in fact.answer.why


def test_an_observer_that_is_blind_on_the_other_way_only_is_believed() -> None:
    assert rested(Quality(blind=frozenset({Way.THERE}))) == NONE


@pytest.mark.parametrize("quality", [Quality(keeps=Keeps.OPENINGS, certain=False), Quality(misses=0.1)])
def test_what_perhaps_would_not_have_shown_is_unsure(quality: Quality) -> None:
    fact = rested(quality)
    assert fact.answer is Payload.NO
    assert not fact.sure
