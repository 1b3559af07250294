from bothways.facts.repair import Repaired, lost_data
from bothways.unknown import Unknown
from tests.helpers.network import RTO, Network

PACKETS = 60


def upload(network: Network, *, lost: frozenset[int] = frozenset(), arrives: bool = True) -> None:
    """A client sends data, of which the numbers in *lost* are lost once, or again and again."""
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    for number in range(PACKETS):
        ms, seq = 100 + 40 * number, 1 + 500 * number
        if number in lost:
            talk.there(ms, "PA", 500, seq=seq, lost="client")
            ms += 15
        talk.there(ms, "PA", 500, seq=seq)
        talk.back(ms + 10, "A", ack=seq + 500)
    if not arrives:
        for again in RTO:
            talk.there(100 + 40 * PACKETS + again, "PA", 500, seq=1 + 500 * PACKETS, lost="client")


def answer(network: Network) -> object:
    network.idle(60_000)
    return lost_data(network.subject(connections=network.exchanges())).answer


def test_what_a_bad_line_loses_comes_across_when_it_is_sent_again() -> None:
    network = Network("client", "server")
    upload(network, lost=frozenset({5, 17, 30, 44}))
    assert answer(network) is Repaired.ALL


def test_some_of_it_may_be_lost_until_the_end() -> None:
    network = Network("client", "server")
    upload(network, lost=frozenset({5, 17, 30, 44, 45, 46, 47, 50}), arrives=False)
    assert answer(network) is Repaired.SOME


def test_what_a_filter_loses_is_lost_again_and_again() -> None:
    network = Network("client", "server")
    upload(network)
    talk = network.talk(start=5000)
    talk.handshake()
    for ms in RTO:
        talk.there(100 + ms, "PA", 500, seq=1, lost="client")
    assert answer(network) is Repaired.NONE


def test_a_loss_or_two_tell_nothing() -> None:
    network = Network("client", "server")
    upload(network, lost=frozenset({5, 17}))
    assert isinstance(answer(network), Unknown)


def test_one_capture_does_not_show_what_is_lost() -> None:
    network = Network("client")
    upload(network, lost=frozenset({5, 17, 30, 44}))
    assert isinstance(answer(network), Unknown)
