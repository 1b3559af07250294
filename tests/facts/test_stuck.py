import pytest

from bothways.facts.stuck import SMALL, Holds, Size, segment_size, stuck_content, stuck_size
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import RTO, Network, Talk
from tests.helpers.packets import client_hello

REQUEST = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"


def stuck(size: int, *, before: int = 0, content: bytes | None = None) -> Network:
    """A connection in which *size* bytes are sent again and again, after *before* bytes that were acknowledged."""
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    if before:
        talk.there(41, "PA", before)
        talk.back(62, "A")
    for ms in RTO:
        talk.there(ms + 60, "PA", size, seq=1 + before, lost="client", content=content)
    return network


@pytest.mark.parametrize(
    ("size", "before", "answer"),
    [
        (200, 0, Size.SMALL),
        (SMALL, 0, Size.SMALL),
        (1460, 0, Size.FULL),
        (1460, 200, Size.FULL),
        (900, 1000, Size.NO_LARGER),
    ],
)
def test_stuck_data_is_small_or_full(size: int, before: int, answer: Size) -> None:
    assert stuck_size(stuck(size, before=before).subject()).answer is answer


def test_neither_small_nor_full_is_unknown() -> None:
    assert "neither" in getattr(stuck_size(stuck(1000).subject()).answer, "why", "")


def test_data_that_was_sent_once_is_not_stuck() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    network.idle(9000)
    assert isinstance(stuck_size(network.subject()).answer, Unknown)


def test_the_servers_stuck_data_counts_too() -> None:
    network = Network("server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    for ms in RTO:
        talk.back(ms + 60, "A", 1460, seq=1, lost="server")
    assert stuck_size(network.subject()).answer is Size.FULL


def test_a_full_segment_is_what_both_ends_agreed_on_less_the_timestamps() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S", options=[p.mss(1460), p.timestamps(1, 0)])
    talk.back(20, "SA", options=[p.mss(1400), p.timestamps(1, 1)])
    assert segment_size(network.exchange().seen[0]) == 1388
    silent = Network("client")
    silent.talk().there(0, "S", options=[])
    assert segment_size(silent.exchange().seen[0]) is None


def test_a_super_segment_that_passed_proves_only_a_full_one() -> None:
    assert stuck_size(stuck(1460, before=4000).subject()).answer is Size.NO_LARGER


@pytest.mark.parametrize(
    ("content", "holds"),
    [(client_hello("a.example"), Holds.CLIENT_HELLO), (REQUEST, Holds.HTTP_REQUEST), (b"x" * 50, Holds.OTHER)],
)
def test_what_the_stuck_data_holds(content: bytes, holds: Holds) -> None:
    fact = stuck_content(stuck(0, content=content).subject())
    assert fact.answer is holds
    assert ("a.example" in fact.says) is (holds is not Holds.OTHER)


def test_later_data_than_the_first_may_be_what_is_stuck() -> None:
    assert stuck_content(stuck(50, before=300).subject()).answer is Holds.OTHER


def test_acknowledged_data_is_not_stuck() -> None:
    network = Network("client")
    talk: Talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"))
    talk.back(62, "A")
    network.idle(9000)
    assert isinstance(stuck_content(network.subject()).answer, Unknown)


def test_without_captures_nothing_is_known() -> None:
    subject = Network("client").subject()
    assert isinstance(stuck_size(subject).answer, Unknown)
    assert isinstance(stuck_content(subject).answer, Unknown)


def test_the_rest_of_a_hello_is_still_the_hello() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "A", content=client_hello("a.example").ljust(1448, b"x"))
    talk.back(61, "A")
    for ms in RTO:
        talk.there(ms + 60, "PA", 300, seq=1449, lost="client")
    assert stuck_content(network.subject()).answer is Holds.CLIENT_HELLO


def test_data_whose_acknowledgements_pass_elsewhere_is_stuck_only_if_it_is_repeated() -> None:
    for times, answer in ((1, None), (6, Holds.HTTP_REQUEST)):
        network = Network("firewall-inside", "server")
        talk = network.talk()
        talk.there(0, "S")
        talk.back(20, "SA", unseen=["firewall-inside"])
        talk.there(40, "A")
        for ms in RTO[:times]:
            talk.there(ms, "PA", content=REQUEST, seq=1, lost=None if times == 1 else "firewall-inside")
        if times == 1:
            talk.back(60, "A", unseen=["firewall-inside"])
        network.idle(20_000)
        found = stuck_content(network.subject()).answer
        assert found is answer if answer else isinstance(found, Unknown)


def test_data_that_was_acknowledged_elsewhere_is_not_stuck() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO[:3]:
        talk.there(ms, "PA", content=REQUEST, seq=1)
    talk.back(700, "A", unseen=["client"])
    network.idle(9000)
    subject = network.subject(exemplars=network.exchanges())
    assert isinstance(stuck_size(subject).answer, Unknown)
    assert isinstance(stuck_content(subject).answer, Unknown)
