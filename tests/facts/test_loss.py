from bothways.facts.fact import Fact
from bothways.facts.loss import Pattern, loss_back, loss_there
from bothways.unknown import Unknown
from tests.helpers.network import Network

PACKETS = 60


def upload(network: Network, *, lost: frozenset[int] = frozenset(), size: int = 500, start: float = 0) -> None:
    """A connection whose client sends data, of which the numbers in *lost* are sent again before it goes on."""
    talk = network.talk(start=start)
    talk.stamps = True
    talk.handshake()
    for number in range(PACKETS):
        ms, seq = 100 + 40 * number, 1 + size * number
        if number in lost:
            talk.there(ms, "PA", size, seq=seq, lost="client")
            ms += 15
        talk.there(ms, "PA", size, seq=seq)
        talk.back(ms + 10, "A", ack=seq + size)
    talk.closes(100 + 40 * PACKETS)


def measured(network: Network) -> tuple[Fact, Fact]:
    network.idle(60_000)
    subject = network.subject(connections=network.exchanges())
    return loss_there(subject), loss_back(subject)


def test_a_line_that_loses_nothing() -> None:
    network = Network("client", "server")
    upload(network)
    there, back = measured(network)
    assert (there.answer, back.answer) == (Pattern.NONE, Pattern.NONE)


def test_losses_that_are_followed_by_arrivals_have_no_pattern() -> None:
    network = Network("client", "server")
    upload(network, lost=frozenset({3, 17, 18, 30, 44}))
    there, back = measured(network)
    assert (there.answer, back.answer) == (Pattern.RANDOM, Pattern.NONE)
    assert "5 of" in there.says
    assert there.cites


def test_two_losses_are_an_ordinary_day() -> None:
    network = Network("client", "server")
    upload(network, lost=frozenset({3, 17}))
    assert measured(network)[0].answer is Pattern.NONE


def test_a_connection_that_loses_everything_beside_one_that_loses_nothing() -> None:
    network = Network("client", "server")
    upload(network)
    talk = network.talk(start=5000)
    talk.there(0, "S")
    talk.back(20, "SA")
    for number in range(8):
        talk.there(40 + 300 * number, "PA", 100, seq=1, lost="client")
    assert measured(network)[0].answer is Pattern.BY_CONNECTION


def test_of_resets_that_are_all_alike_one_that_arrives_stands_for_all() -> None:
    network = Network("client", "server")
    upload(network)
    for start in (5000, 5100):
        talk = network.talk(start=start)
        talk.handshake()
        for number in range(8):
            talk.there(60 + 300 * number, "PA", 100, seq=1, lost="client")
    talk = network.talk(start=6000)
    talk.handshake()
    talk.there(50, "PA", 100, seq=1)
    talk.back(70, "A", ack=101)
    talk.there(80, "R", seq=101)
    talk.there(80.01, "R", seq=101, lost="client")
    assert measured(network)[0].answer is Pattern.BY_CONNECTION


def test_what_is_lost_to_the_end_alone_says_nothing_of_a_share() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    for number in range(PACKETS):
        talk.there(100 + 40 * number, "PA", 100, seq=1 + 100 * number)
        talk.back(110 + 40 * number, "A")
    for number in range(6):
        talk.there(4000 + 300 * number, "PA", 100, lost="client", seq=1 + 100 * PACKETS)
    assert isinstance(measured(network)[0].answer, Unknown)


def test_one_capture_shows_no_losses() -> None:
    network = Network("client")
    upload(network, lost=frozenset({3, 17, 18, 30, 44}))
    assert isinstance(measured(network)[0].answer, Unknown)
