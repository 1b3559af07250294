import pytest

from bothways.facts.fact import Fact
from bothways.facts.last_answer import Farther, last_answer
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import control_back, paths, there

WHOLE = "gw fw edge 192.0.2.2"
STOPS = "gw fw ? ?"
AT_EDGE = "gw fw edge ?"


def measured(**hops: str) -> Fact:
    """Traces of the way there by kind of probe."""
    reports = [
        there(said, probe=probe.replace("_", "-"), reached=said == WHOLE, file=f"outbound.{probe}.txt")
        for probe, said in hops.items()
    ]
    return last_answer(Network("client").subject(paths=paths(*reports)))


@pytest.mark.parametrize(
    ("hops", "answer"),
    [
        ({"tcp_syn": WHOLE, "icmp": WHOLE}, Farther.ALIKE),
        ({"tcp_syn": STOPS, "icmp": STOPS}, Farther.ALIKE),
        ({"tcp_syn": STOPS, "icmp": WHOLE}, Farther.SYN_STOPS),
        ({"tcp_syn": STOPS, "udp": AT_EDGE}, Farther.SYN_STOPS),
        ({"tcp_syn": WHOLE, "tcp_ack": STOPS, "icmp": WHOLE}, Farther.ACK_STOPS),
        ({"tcp_syn": WHOLE, "udp": AT_EDGE}, Farther.OTHERS_STOP),
        ({"tcp_syn": WHOLE, "tcp_ack": WHOLE, "icmp": STOPS}, Farther.OTHERS_STOP),
    ],
)
def test_how_far_syns_come_against_other_probes(hops: dict[str, str], answer: Farther) -> None:
    fact = measured(**hops)
    assert fact.answer is answer
    assert not fact.settles


def test_both_ends_are_named_and_cited() -> None:
    fact = measured(tcp_syn=WHOLE, tcp_ack=STOPS)
    assert fact.says == "SYNs reach the server, ACKs come to hop 2, fw"
    assert [cite.file for cite in fact.cites] == ["outbound.tcp_syn.txt", "outbound.tcp_ack.txt"]


def test_it_takes_traces_with_syns_and_with_other_probes() -> None:
    assert isinstance(measured(tcp_syn=WHOLE).answer, Unknown)
    assert isinstance(measured(icmp=WHOLE, udp=WHOLE).answer, Unknown)
    assert isinstance(last_answer(Network("client").subject(paths=paths(control_back(WHOLE)))).answer, Unknown)
