from msgspec.structs import replace

from bothways.connections.observer import Place
from bothways.evidence.attempt import Outcome as Told
from bothways.facts.subject import called, cite, seen_at
from tests.helpers.network import Network, half_open
from tests.helpers.surroundings import attempt, log


def test_attempts_at_this_very_target_are_told_from_all_others() -> None:
    tries = log(
        attempt(Told.STALLED),
        attempt(Told.STALLED, name=None, line=10),
        attempt(Told.STALLED, name="b.example", line=20),
        attempt(Told.STALLED, port=80, line=30),
        attempt(Told.STALLED, address="192.0.2.99", line=40),
    )
    subject = Network("client").subject(name="a.example", attempts=(tries,))
    assert [item.attempt.line for item in subject.tried()] == [1, 10]
    assert len(subject.all_tried()) == 5
    nameless = Network("client").subject(attempts=(tries,))
    assert [item.attempt.line for item in nameless.tried()] == [1, 10, 20]


def test_observers_and_offsets_are_found_by_place() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    subject = network.subject()
    server = subject.observer_at(Place.SERVER)
    assert server is not None
    assert server.vantage == "server"
    assert subject.observer_at(Place.BETWEEN) is None
    assert subject.offset("client", "server") is not None
    assert subject.offset("server", "client") is None


def test_frames_are_cited_in_the_file_of_the_observer() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    exchange = network.exchange()
    seen = seen_at(exchange, Place.SERVER)
    assert seen is not None
    assert [str(item) for item in cite(seen, *seen.there[:2])] == ["server.pcap frame 1", "server.pcap frame 3"]
    assert seen_at(exchange, Place.BETWEEN) is None


def test_the_first_capture_that_knows_an_address_names_it() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    client, server = network.subject().observers
    one = replace(client, survey=replace(client.survey, names=(("192.0.2.2", "first"),)))
    other = replace(server, survey=replace(server.survey, names=(("192.0.2.2", "second"), ("10.0.0.1", "laptop"))))
    assert [called((one, other), address) for address in ("192.0.2.2", "10.0.0.1", "10.0.0.9")] == [
        "first",
        "laptop",
        None,
    ]
    assert network.subject().called("192.0.2.2") is None


def test_a_packet_of_a_later_file_is_cited_in_that_file() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    seen = seen_at(network.exchange(), Place.SERVER)
    assert seen is not None
    survey = replace(seen.observer.survey, parts=("a", "b"))
    moved = replace(seen, observer=replace(seen.observer, survey=survey))
    assert str(cite(moved, replace(seen.there[0], part=1, frame=7))[0]) == "b frame 7"
    assert str(moved.begins) == "a frame 1"


def test_what_others_got_says_nothing_about_those_that_failed() -> None:
    tries = log(attempt(Told.ANSWERED), attempt(Told.STALLED, line=10), attempt(Told.UNKNOWN, line=20))
    subject = Network("client").subject(attempts=(tries,))
    assert [item.attempt.line for item in subject.tried_in_vain()] == [10]


def test_where_none_failed_all_of_them_speak() -> None:
    tries = log(attempt(Told.ANSWERED), attempt(Told.UNKNOWN, line=10))
    subject = Network("client").subject(attempts=(tries,))
    assert [item.attempt.line for item in subject.tried_in_vain()] == [1, 10]
    assert Network("client").subject().tried_in_vain() == ()
