from typing import TYPE_CHECKING

from msgspec.structs import replace

from bothways.facts.server_answer import Sent, server_answer
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network

if TYPE_CHECKING:
    from bothways.facts.fact import Fact


def measured(*answers: tuple[float, str], vantages: tuple[str, ...] = ("server",)) -> "Fact":
    network = Network(*vantages)
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
    for sent, flags in answers:
        talk.back(sent, flags, seq=0, ack=1)
    network.idle(12_000)
    return server_answer(network.subject())


def test_what_leaves_the_servers_card_first_is_its_answer() -> None:
    assert measured((20, "SA"), (1020, "SA")).answer is Sent.SYN_ACK
    assert measured((20, "A")).answer is Sent.OTHER


def test_silence_of_one_card_settles_nothing() -> None:
    fact = measured()
    assert fact.answer is Sent.NOTHING
    assert not fact.settles


def test_silence_of_all_cards_settles_it() -> None:
    network = Network("server")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
    network.idle(12_000)
    subject = network.subject()
    (exchange,) = subject.exemplars
    (seen,) = exchange.seen
    survey = replace(seen.observer.survey, link_types=("linux-cooked-v2",))
    seen = replace(seen, observer=replace(seen.observer, survey=survey))
    fact = server_answer(replace(subject, exemplars=(replace(exchange, seen=(seen,)),)))
    assert fact.answer is Sent.NOTHING
    assert fact.decisive


def test_without_a_capture_at_the_server_nobody_knows() -> None:
    assert isinstance(measured((20, "SA"), vantages=("client",)).answer, Unknown)
