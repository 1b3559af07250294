import pytest

from bothways.connections.outcome import Outcome, fate_of
from bothways.connections.sides import sides_of
from tests.helpers.network import ISN_THERE, RTO, Network, Talk, half_open, worked
from tests.helpers.packets import client_hello


def outcome(network: Network, vantage: str = "client") -> Outcome:
    """What the only connection is to one observer, by itself."""
    (capture,) = (item for item in network.captures() if item.survey.file == f"{vantage}.pcap")
    (row,) = capture.survey.rows
    end = capture.survey.last
    assert end is not None
    return fate_of(sides_of(row), capture_end=end).outcome


# --- it works ---


def test_a_request_an_answer_and_an_orderly_end_worked() -> None:
    network = Network("client")
    worked(network.talk())
    assert outcome(network) is Outcome.WORKED


def test_an_answer_that_was_acknowledged_worked_if_the_capture_ran_on_quietly() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    assert outcome(network) is Outcome.CENSORED
    network.idle(5000)
    assert outcome(network) is Outcome.WORKED


def test_a_reset_after_an_orderly_close_is_no_failure() -> None:
    network = Network("client")
    talk = network.talk()
    worked(talk)
    talk.back(1000, "R")
    assert outcome(network) is Outcome.WORKED


def test_a_client_that_resets_after_it_got_everything_has_not_failed() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    talk.there(91, "R")
    network.idle(5000)
    assert outcome(network) is Outcome.WORKED


def test_a_half_closed_connection_in_which_the_answer_still_comes_worked() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "FA", 100)
    talk.back(62, "A")
    talk.back(5000, "PA", 300)
    talk.there(5020, "A")
    talk.back(5021, "FA")
    talk.there(5041, "A")
    assert outcome(network) is Outcome.WORKED


def test_keepalives_are_not_data_that_waits() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    for ms in (60_000, 120_000, 180_000):
        talk.there(ms, "A", seq=100)
        talk.back(ms + 20, "A")
    network.idle(190_000)
    assert outcome(network) is Outcome.WORKED


def test_loss_that_was_repaired_is_no_failure() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in (41, 250, 670):
        talk.there(ms, "PA", 100, seq=1)
    talk.back(700, "PA", 300)
    talk.there(720, "A")
    talk.closes(730)
    assert outcome(network) is Outcome.WORKED


# --- the SYN ---


def test_a_reset_that_answers_the_syn_refuses() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)
    assert outcome(network) is Outcome.REFUSED


def test_an_icmp_error_that_answers_the_syn_makes_it_unreachable() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.error(5)
    assert outcome(network) is Outcome.UNREACHABLE


def test_syns_without_an_answer_fail_only_after_patience() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.there(1000, "S")
    assert outcome(network) is Outcome.CENSORED
    talk.there(3000, "S")
    assert outcome(network) is Outcome.UNANSWERED


def test_one_syn_that_was_never_repeated_was_given_up_by_its_program() -> None:
    network = Network("client")
    network.talk().there(0, "S")
    network.idle(60_000)
    assert outcome(network) is Outcome.CENSORED


def test_a_client_that_repeats_its_syn_takes_none_of_the_syn_acks_it_gets() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    assert outcome(network) is Outcome.UNANSWERED


def test_a_client_that_resets_each_syn_ack_and_asks_again_is_no_scanner() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
        talk.there(ms + 27, "R", seq=1)
    assert outcome(network) is Outcome.UNANSWERED


def test_challenge_acks_are_no_answer() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
        talk.back(ms + 20, "A", seq=5000, ack=70_000)
    assert outcome(network) is Outcome.UNANSWERED


# --- probes ---


def test_a_syn_with_a_tiny_ttl_measures_a_path() -> None:
    network = Network("client")
    network.talk().there(0, "S", ttl=5)
    assert outcome(network) is Outcome.PROBE


def test_a_scanner_resets_the_syn_ack_at_once() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(27, "R", seq=1)
    assert outcome(network) is Outcome.PROBE


# --- the handshake ---


def test_two_repeated_syn_acks_mean_that_no_ack_completed_the_connection() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert outcome(network) is Outcome.HALF_OPEN


def test_a_client_that_waits_for_the_server_shows_it_by_repeats_alone() -> None:
    network = Network("client")
    half_open(network.talk(), last="client", size=0)
    assert outcome(network) is Outcome.HALF_OPEN


def test_one_repeated_syn_ack_proves_nothing() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.back(1020, "SA")
    talk.there(1040, "A")
    network.idle(10_000)
    assert not outcome(network).failed


def test_repeats_before_data_that_the_server_took_in_the_end_are_no_failure() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in (1020, 3020):
        talk.back(ms, "SA")
        talk.there(ms + 20, "A")
    talk.there(4000, "PA", 100)
    talk.back(4050, "PA", 300)
    talk.there(4070, "A")
    talk.closes(4100)
    assert outcome(network) is Outcome.WORKED


def test_as_many_syn_acks_as_syns_are_no_repeats() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    talk.there(3040, "A")
    assert outcome(network) is Outcome.CENSORED


# --- data ---


def test_data_that_is_never_acknowledged_stalls_the_way_there() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    assert outcome(network) is Outcome.STALLED_THERE


def test_data_cut_off_by_the_end_of_the_capture_has_not_failed() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in RTO[:4]:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    assert outcome(network) is Outcome.CENSORED


def test_a_user_who_gives_up_within_a_second_has_not_waited() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.there(900, "FA", lost="client")
    network.idle(60_000)
    assert not outcome(network).failed


def test_server_data_that_leaves_a_gap_stalls_the_way_back() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    for ms in (70, 280, 700, 1600, 3300, 6700):
        talk.back(ms, "A", 1460, seq=1, lost="server")
    talk.back(80, "PA", 200, seq=1461)
    talk.there(100, "A", ack=1)
    network.idle(9000)
    assert outcome(network) is Outcome.STALLED_BACK
    assert outcome(network, "server") is Outcome.STALLED_BACK


def test_a_request_that_is_acknowledged_and_never_answered_is_met_by_silence() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    assert outcome(network) is Outcome.CENSORED
    network.idle(10_000)
    assert outcome(network) is Outcome.SILENT


def test_a_server_that_closes_without_a_word_has_done_no_work() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "FA")
    talk.there(82, "FA")
    talk.back(102, "A")
    network.idle(10_000)
    assert outcome(network) is not Outcome.WORKED


def test_a_client_that_says_its_thing_and_closes_first_got_what_it_wanted() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.there(42, "FA")
    talk.back(62, "FA")
    talk.there(82, "A")
    assert outcome(network) is Outcome.WORKED


# --- resets ---


@pytest.mark.parametrize("size", [0, 100])
def test_a_reset_before_any_answer_is_a_failure(size: int) -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    if size:
        talk.there(41, "PA", size)
    talk.back(62, "R")
    assert outcome(network) is Outcome.RESET


def test_a_reset_with_the_clients_bytes_open_is_a_failure_after_an_answer_too() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "PA", 50)
    talk.back(110, "R")
    assert outcome(network) is Outcome.RESET


def test_a_reset_that_overtakes_the_answer_is_a_failure() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(44, "R")
    talk.back(62, "A")
    talk.back(63, "PA", 300)
    network.idle(8000)
    assert outcome(network) is Outcome.RESET


def test_a_reset_after_everything_was_answered_is_no_failure() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    talk.back(95, "R")
    network.idle(8000)
    assert outcome(network) is Outcome.WORKED


# --- the capture's start, and taps of one way ---


def test_a_capture_that_begins_in_the_middle_says_nothing_of_the_beginning() -> None:
    network = Network("client")
    talk = network.talk()
    talk.used = {"there": 500, "back": 500}
    talk.there(0, "A")
    assert outcome(network) is Outcome.CENSORED


def test_a_connection_of_which_only_the_end_was_captured_worked() -> None:
    network = Network("client")
    talk = network.talk()
    talk.used = {"there": 500, "back": 500}
    talk.closes(0)
    assert outcome(network) is Outcome.WORKED


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_tap_of_one_way_is_no_failure_by_itself(way: str) -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S", unseen=["tap"] * (way == "back"))
    talk.back(20, "SA", unseen=["tap"] * (way == "there"))
    talk.there(40, "A", unseen=["tap"] * (way == "back"))
    talk.there(41, "PA", 100, unseen=["tap"] * (way == "back"))
    talk.back(70, "PA", 300, unseen=["tap"] * (way == "there"))
    talk.there(90, "A", unseen=["tap"] * (way == "back"))
    network.idle(60_000)
    assert not outcome(network, "tap").failed


def test_a_tap_of_the_way_there_sees_a_stall_by_its_repeats() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["tap"])
    talk.there(40, "A")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
    assert outcome(network, "tap") is Outcome.STALLED_THERE


def test_a_tap_of_the_way_back_sees_a_half_open_connection() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S", unseen=["tap"])
    for ms in (20, 1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, ack=1)
    assert outcome(network, "tap") is Outcome.HALF_OPEN


def test_a_tap_of_the_way_back_sees_a_stall_by_its_repeats() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S", unseen=["tap"])
    talk.back(20, "SA")
    for ms in (70, 280, 700, 1600, 3300, 6700):
        talk.back(ms, "PA", 300, seq=1, ack=1)
    assert outcome(network, "tap") is Outcome.STALLED_BACK


def test_how_long_it_waited_is_told() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    seen = network.seen("client")
    assert 7.0e9 < seen.fate.waited < 7.2e9
    assert seen.sides.there.isn == ISN_THERE + 100_000


def test_only_failures_count_as_failed() -> None:
    spared = {Outcome.WORKED, Outcome.DECLINED, Outcome.IDLE, Outcome.CENSORED, Outcome.PROBE}
    assert {item for item in Outcome if not item.failed} == spared


def test_a_connection_in_which_nobody_says_anything_is_idle() -> None:
    network = Network("client")
    network.talk().handshake()
    network.idle(10_000)
    assert outcome(network) is Outcome.IDLE


def test_a_silence_in_which_the_servers_bytes_were_only_seen_to_be_used_up_is_no_silence() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    talk.back(70, "A", seq=1461)
    talk.there(90, "A", ack=1461)
    network.idle(9000)
    assert outcome(network) is not Outcome.SILENT


def test_who_goes_on_sending_without_an_answer_does_not_wait_for_one() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in (100, 4_100, 8_100):
        talk.there(ms, "PA", 60)
        talk.back(ms + 20, "A")
    talk.there(30_000, "A")
    (exchange,) = network.exchanges()
    assert not exchange.outcome.failed
    assert exchange.unresolved


# --- what a capture missed ---


@pytest.mark.parametrize("missed", [(), ("client",)])
def test_bytes_that_the_client_acknowledges_were_no_silence(missed: tuple[str, ...]) -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=missed)
    talk.there(40, "A")
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    talk.back(70, "PA", 300, unseen=["client"])
    talk.there(90, "A")
    network.idle(10_000)
    assert outcome(network) is Outcome.WORKED


@pytest.mark.parametrize("vantage", ["client", "server"])
def test_who_sends_nothing_again_does_not_wait_and_how_that_ended_was_missed(vantage: str) -> None:
    network = Network(vantage)
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A", unseen=[vantage])
    talk.back(70, "PA", 300)
    talk.there(90, "A", unseen=[vantage])
    network.idle(10_000)
    fate = network.seen(vantage).fate
    assert fate.outcome is Outcome.CENSORED
    assert fate.waited > 0


def test_a_client_that_resets_after_the_reset_was_not_refused_by_it() -> None:
    network = Network("firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["firewall-inside"])
    talk.there(40, "A", unseen=["firewall-inside"])
    talk.back(41, "R", seq=1)
    for ms in (1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, unseen=["firewall-inside"])
        talk.there(ms + 20, "R")
    assert outcome(network, "firewall-inside") is Outcome.RESET


def test_who_resets_a_syn_ack_that_came_after_a_reset_is_no_scanner() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(6, "RA", seq=0, ack=1)
    talk.back(20, "SA")
    talk.there(27, "R", seq=1)
    assert outcome(network) is Outcome.RESET


# --- it was open before the capture began ---


def open_before(network: Network, *, named: bool = False) -> Talk:
    """The first packets in view belong to a conversation under way."""
    talk = network.talk()
    request = client_hello("a.example") if named else b"x" * 200
    talk.there(0, "PA", content=request, seq=501, ack=801)
    talk.back(20, "A", seq=801, ack=501 + len(request))
    return talk


def test_what_was_open_before_and_stays_so_is_censored() -> None:
    network = Network("client")
    open_before(network)
    network.idle(1000)
    assert outcome(network) is Outcome.CENSORED


def test_no_answer_is_due_to_whatever_is_sent_on_a_connection_that_was_open_before() -> None:
    network = Network("client")
    open_before(network)
    network.idle(60_000)
    assert outcome(network) is Outcome.CENSORED


def test_a_request_on_a_connection_that_was_open_before_is_due_an_answer() -> None:
    network = Network("client")
    open_before(network, named=True)
    network.idle(60_000)
    assert outcome(network) is Outcome.SILENT


def test_a_stall_in_view_is_a_failure_however_old_the_connection() -> None:
    network = Network("client")
    talk = open_before(network)
    talk.back(60, "PA", 300, seq=801, ack=701)
    talk.there(61, "A", seq=701, ack=1101)
    for ms in (5000, 5250, 5700, 6500, 8100, 11_300):
        talk.there(ms, "PA", 100, seq=701, ack=1101, lost="client")
    assert outcome(network) is Outcome.STALLED_THERE


def test_a_stall_that_the_captures_end_cut_short_is_censored() -> None:
    network = Network("client")
    talk = open_before(network)
    for ms in (5000, 5250, 5700, 6500):
        talk.there(ms, "PA", 100, seq=701, ack=801, lost="client")
    assert outcome(network) is Outcome.CENSORED


def test_a_reset_that_ends_what_was_open_before_and_idle_is_no_failure() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "A", seq=501, ack=801)
    talk.back(9000, "R", seq=801)
    network.idle(60_000)
    assert outcome(network) is Outcome.CENSORED


def test_a_reset_that_answers_data_is_one() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "PA", 200, seq=501, ack=801)
    talk.back(20, "R", seq=801)
    network.idle(60_000)
    assert outcome(network) is Outcome.RESET


def test_a_lone_reset_is_none() -> None:
    network = Network("client")
    network.talk().back(0, "R", seq=801)
    network.idle(60_000)
    assert outcome(network) is Outcome.CENSORED


# --- the server closed ---


def test_a_server_whose_end_was_missed_was_not_silent() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(70, "A")
    talk.there(90, "A", ack=2)
    network.idle(60_000)
    assert outcome(network) is not Outcome.SILENT


def test_a_sender_that_repeats_when_the_capture_ends_has_neither_failed_nor_worked() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    for ms in (90, 300, 710):
        talk.there(ms, "PA", 1000, seq=101)
    fate = network.seen("client").fate
    assert fate.outcome is Outcome.CENSORED
    assert fate.waited > 0


def test_closing_with_bytes_on_the_way_is_no_work_done() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    talk.there(100, "PA", 1000)
    talk.there(900, "FA")
    assert network.seen("client").fate.outcome is Outcome.CENSORED


@pytest.mark.parametrize(("closes", "silent"), [(70, False), (2900, False), (60_000, True)])
def test_a_server_that_closes_at_once_was_not_silent_and_one_that_closes_late_was(closes: int, *, silent: bool) -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(62, "A")
    talk.back(closes, "FA")
    network.idle(90_000)
    assert (outcome(network) is Outcome.SILENT) is silent


def test_a_client_that_probes_a_window_which_was_closed_from_the_first_waits() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for at in (300, 800, 1800):
        talk.there(at, "A")
    network.idle(2500)
    assert outcome(network) is not Outcome.STALLED_THERE
    talk.there(4000, "A")
    network.idle(9000)
    assert outcome(network) is Outcome.STALLED_THERE


def test_a_client_whose_probes_are_answered_is_idle() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for at in (300, 1800, 4000):
        talk.there(at, "A")
        talk.back(at + 30, "A")
    network.idle(9000)
    assert outcome(network) is Outcome.IDLE
