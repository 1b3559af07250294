from bothways.evidence.attempt import Outcome as Told
from bothways.facts.replies import (
    Missing,
    Payload,
    Window,
    missing_in,
    server_bytes_missing,
    server_payload_arrived,
    server_window,
)
from bothways.unknown import Unknown
from tests.helpers.network import RTO, Network, Talk, half_open
from tests.helpers.surroundings import attempt, log


def asked(*vantages: str) -> tuple[Network, Talk]:
    network = Network(*vantages)
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    return network, talk


# --- bytes that never arrived ---


def test_a_sequence_number_that_jumps_shows_bytes_that_never_arrived() -> None:
    network, talk = asked("client")
    talk.back(9000, "FA", seq=1322)
    fact = missing_in(network.exchange())
    assert fact.answer is Missing.YES
    assert "1321 bytes" in fact.says


def test_a_gap_that_was_filled_is_no_gap() -> None:
    network, talk = asked("client")
    talk.back(80, "PA", 100, seq=101)
    talk.back(90, "PA", 100, seq=1)
    talk.back(9000, "A", seq=201)
    assert missing_in(network.exchange()).answer is Missing.NO


def test_a_later_packet_without_a_jump_shows_that_nothing_was_sent() -> None:
    network, talk = asked("client")
    talk.there(9000, "FA")
    talk.back(9020, "A")
    assert server_bytes_missing(network.subject()).answer is Missing.NO


def test_silence_alone_does_not_tell() -> None:
    network, _ = asked("client")
    network.idle(20_000)
    assert isinstance(server_bytes_missing(network.subject()).answer, Unknown)


def test_a_packet_that_came_soon_does_not_tell_either() -> None:
    network, talk = asked("client")
    talk.back(500, "A")
    network.idle(20_000)
    assert isinstance(server_bytes_missing(network.subject()).answer, Unknown)


def test_a_reset_is_no_packet_of_the_stream() -> None:
    network, talk = asked("client")
    talk.back(9000, "R", seq=5000)
    assert isinstance(missing_in(network.exchange()).answer, Unknown)


def test_the_servers_own_capture_shows_that_it_sent_nothing() -> None:
    network, _ = asked("server")
    network.idle(20_000)
    fact = server_bytes_missing(network.subject())
    assert fact.answer is Missing.NO
    assert fact.sure


def test_a_capture_that_only_seems_to_be_the_servers_is_not_sure_of_it() -> None:
    network = Network("firewall-inside")
    talk = network.talk()
    talk.ttl["back"] = 68  # as if a device right here answered
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    network.idle(20_000)
    fact = server_bytes_missing(network.subject())
    assert fact.answer is Missing.NO
    assert not fact.sure


def test_the_servers_own_capture_shows_data_that_was_never_acknowledged() -> None:
    network, talk = asked("server")
    for ms in (80, 300, 700, 1500, 3100, 6300):
        talk.back(ms, "PA", 1000, seq=1)
    assert server_bytes_missing(network.subject()).answer is Missing.YES


def test_the_server_asked_nothing_owes_nothing() -> None:
    network = Network("server")
    half_open(network.talk(), last="client")
    assert "asked nothing" in getattr(server_bytes_missing(network.subject()).answer, "why", "")


def test_answers_that_were_acknowledged_say_nothing_about_missing_ones() -> None:
    network, talk = asked("server")
    talk.back(80, "PA", 100)
    talk.there(100, "A")
    network.idle(9000)
    assert isinstance(missing_in(network.exchange()).answer, Unknown)


def test_without_captures_nothing_is_known() -> None:
    subject = Network("client").subject()
    assert isinstance(server_bytes_missing(subject).answer, Unknown)
    assert isinstance(server_window(subject).answer, Unknown)


# --- did data of the server arrive? ---


def test_data_that_arrived_is_known_and_so_is_its_absence() -> None:
    network, talk = asked("client")
    network.idle(9000)
    assert server_payload_arrived(network.subject()).answer is Payload.NO
    talk.back(8000, "PA", 300)
    assert server_payload_arrived(network.subject(exemplars=network.exchanges())).answer is Payload.YES


def test_without_a_syn_ack_no_data_was_to_be_expected() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    fact = server_payload_arrived(network.subject())
    assert isinstance(fact.answer, Unknown)
    assert fact.answer.moot


def test_what_the_server_sent_is_not_what_arrived() -> None:
    network, talk = asked("server")
    talk.back(80, "PA", 300, lost="server")
    network.idle(9000)
    assert isinstance(server_payload_arrived(network.subject()).answer, Unknown)


def test_a_tap_of_the_way_there_does_not_see_what_came_back() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["tap"])
    talk.there(40, "A")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
    assert isinstance(server_payload_arrived(network.subject()).answer, Unknown)


def test_a_programs_log_tells_of_an_answer() -> None:
    subject = Network("client").subject(attempts=(log(attempt(Told.STALLED, status=200)),))
    assert server_payload_arrived(subject).answer is Payload.YES
    assert isinstance(server_payload_arrived(Network("client").subject()).answer, Unknown)


# --- the window ---


def test_a_window_of_nought_is_closed() -> None:
    network, talk = asked("client")
    talk.back(500, "A", window=0)
    network.idle(9000)
    assert server_window(network.subject()).answer is Window.CLOSED


def test_a_window_that_stays_open_is_open() -> None:
    network, _ = asked("client")
    network.idle(9000)
    assert server_window(network.subject()).answer is Window.OPEN


def test_without_a_packet_of_the_server_its_window_does_not_arise() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    fact = server_window(network.subject())
    assert isinstance(fact.answer, Unknown)
    assert fact.answer.moot


# --- what a capture missed and the client acknowledged ---


def test_bytes_that_the_client_acknowledged_arrived_though_its_capture_missed_them() -> None:
    network, talk = asked("client")
    talk.back(70, "A", 1448, unseen=["client"])
    talk.there(90, "A")
    talk.back(91, "PA", 669)
    talk.there(110, "A")
    assert isinstance(missing_in(network.exchange()).answer, Unknown)
    talk.back(9000, "A", seq=2118 + 50)
    fact = missing_in(network.exchange())
    assert fact.answer is Missing.YES
    assert "50 bytes" in fact.says


def test_bytes_that_were_acknowledged_in_part_are_missing_in_part() -> None:
    network, talk = asked("client")
    talk.back(70, "A", 1000, unseen=["client"])
    talk.there(90, "A", ack=401)
    talk.back(91, "PA", 669)
    assert "600 bytes" in missing_in(network.exchange()).says


def test_an_acknowledgement_that_the_servers_capture_missed_was_given_all_the_same() -> None:
    network, talk = asked("client", "server")
    talk.back(70, "PA", 300)
    talk.there(90, "A", unseen=["server"])
    network.idle(9000)
    assert isinstance(missing_in(network.exchange()).answer, Unknown)


def test_a_server_whose_bytes_were_acknowledged_sent_some_though_its_capture_missed_them() -> None:
    network, talk = asked("server")
    talk.back(70, "PA", 300, unseen=["server"])
    talk.there(90, "A", ack=301)
    network.idle(9000)
    assert isinstance(missing_in(network.exchange()).answer, Unknown)


def test_data_that_the_client_acknowledged_arrived_whoever_missed_it() -> None:
    network, talk = asked("client")
    talk.back(70, "PA", 300, unseen=["client"])
    talk.there(90, "A")
    fact = server_payload_arrived(network.subject(exemplars=network.exchanges()))
    assert fact.answer is Payload.YES
    assert fact.cites[0].frame == len(network.frames["client"])
