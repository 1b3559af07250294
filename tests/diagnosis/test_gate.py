import pytest
from msgspec.structs import replace

from bothways.connections.outcome import Outcome
from bothways.diagnosis.gate import FEWEST_REPAIRS, State, exceeds, state_of, suffers
from bothways.evidence.attempt import Outcome as Told
from tests.helpers.network import Network, Talk, half_open, worked
from tests.helpers.surroundings import attempt


def state(network: Network, *told: Told, waiting: bool = False) -> State:
    attempts = [attempt(outcome) for outcome in told]
    return state_of(network.exchanges(), attempts, waiting_in_table=waiting)


def upload(talk: Talk, *, repeats: int) -> None:
    """A hundred segments, *repeats* of which are sent twice, and an orderly end."""
    talk.handshake()
    for number in range(100):
        talk.there(50 + number * 10, "A", 500, seq=1 + 500 * number)
        if number < repeats:
            talk.there(55 + number * 10, "A", 500, seq=1 + 500 * number)
    talk.back(1200, "PA", 100)
    talk.there(1220, "A")
    talk.closes(1230)


def test_one_failure_among_successes_is_a_failure() -> None:
    network = Network("client")
    for number in range(3):
        worked(network.talk(start=number * 1000))
    half_open(network.talk(start=9000), last="client")
    assert state(network) is State.FAILED


def test_what_works_is_healthy() -> None:
    network = Network("client")
    worked(network.talk())
    assert state(network) is State.HEALTHY


def test_a_programs_failure_is_one_whatever_the_captures_show() -> None:
    network = Network("client")
    worked(network.talk())
    assert state(network, Told.STALLED) is State.FAILED


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told.ANSWERED, State.HEALTHY),
        (Told.UNKNOWN, State.UNDETERMINED),
        (Told.CLOSED, State.FAILED),
        (Told.REFUSED, State.FAILED),
    ],
)
def test_a_log_alone_tells(told: Told, expected: State) -> None:
    assert state(Network("client"), told) is expected


def test_nothing_at_all_is_undetermined() -> None:
    assert state(Network("client")) is State.UNDETERMINED


def test_what_waits_in_a_state_table_fails() -> None:
    assert state(Network("client"), waiting=True) is State.FAILED


def test_a_connection_that_was_cut_off_before_any_answer_keeps_a_success_from_being_health() -> None:
    network = Network("client")
    worked(network.talk())
    network.talk(start=500).handshake()
    assert state(network) is State.UNDETERMINED


def test_a_wait_that_the_client_ended_unheard_keeps_a_small_success_from_being_health() -> None:
    network = Network("client")
    worked(network.talk())
    talk = network.talk(start=500)
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    talk.there(9000, "FA")
    assert state(network) is State.UNDETERMINED


def test_many_successes_outweigh_one_that_was_cut_off() -> None:
    network = Network("client")
    for number in range(10):
        worked(network.talk(start=number * 1000))
    network.talk(start=9500).handshake()
    assert state(network) is State.HEALTHY


@pytest.mark.parametrize(("repeats", "expected"), [(0, State.HEALTHY), (2, State.HEALTHY), (6, State.DEGRADED)])
def test_more_loss_than_is_healthy_degrades(repeats: int, expected: State) -> None:
    network = Network("client")
    upload(network.talk(), repeats=repeats)
    assert state(network) is expected


def test_few_repairs_of_few_segments_are_an_ordinary_day() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in range(41, 41 + FEWEST_REPAIRS):
        talk.there(ms, "PA", 100, seq=1)
    talk.back(70, "PA", 300)
    talk.there(90, "A")
    talk.closes(91)
    assert not suffers(network.exchanges())


def test_bad_luck_of_a_few_hundred_segments_is_no_fault_and_the_same_share_of_many_is() -> None:
    assert not exceeds(7, 308)  # 2.3 %, which every thirtieth network that loses 1 % shows
    assert exceeds(70, 3080)
    assert not exceeds(70, 5000)
    assert exceeds(5, 4)  # more repeated than sent anew


def test_segments_that_a_card_has_yet_to_divide_count_as_many() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for number in range(20):
        talk.there(41 + number, "PA", 14_600)
    for number in range(6):
        talk.there(70 + number, "PA", 1460, seq=1)
    talk.back(90, "PA", 300)
    talk.closes(91)
    assert not suffers(network.exchanges())


def test_whichever_end_saw_more_loss_counts() -> None:
    network = Network("client", "server")
    upload(network.talk(), repeats=6)
    kept = network.frames["server"]
    network.frames["server"] = [packet for place, packet in enumerate(kept) if place % 2 == 0 or place > 12]
    assert suffers(network.exchanges())


def test_an_end_that_did_not_see_a_connection_has_nothing_to_say_about_it() -> None:
    network = Network("client", "server")
    upload(network.talk(), repeats=0)
    other = network.talk(start=5000)
    other.handshake()
    network.frames["server"] = [packet for packet in network.frames["server"] if packet.at < 1_700_000_004 * 10**9]
    assert not suffers(network.exchanges())


def test_what_a_monitor_logged_fails_works_or_leaves_open() -> None:
    def logged(*outcomes: Outcome) -> State:
        return state_of((), (), logged=outcomes, waiting_in_table=False)

    assert logged(*[Outcome.WORKED] * 20, Outcome.UNANSWERED) is State.FAILED
    assert logged(*[Outcome.WORKED] * 20, Outcome.CENSORED) is State.HEALTHY
    assert logged(Outcome.WORKED, Outcome.CENSORED) is State.UNDETERMINED
    assert logged(Outcome.CENSORED) is State.UNDETERMINED


def refused(talk: Talk) -> None:
    talk.handshake()
    talk.there(41, "PA", content=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
    talk.back(70, "PA", content=b"HTTP/1.1 503 Busy\r\n\r\n")
    talk.there(90, "A")
    talk.closes(91)


@pytest.mark.parametrize(
    ("served", "declined", "expected"), [(0, 1, State.REFUSED), (1, 2, State.REFUSED), (2, 2, State.HEALTHY)]
)
def test_a_target_is_refused_where_programs_refuse_more_than_they_serve(
    served: int, declined: int, expected: State
) -> None:
    network = Network("client")
    for number in range(served):
        worked(network.talk(start=number * 1000))
    for number in range(declined):
        refused(network.talk(start=(served + number) * 1000))
    assert state(network) is expected


def test_a_failure_beside_refusals_is_a_failure() -> None:
    network = Network("client")
    refused(network.talk())
    refused(network.talk(start=100))
    half_open(network.talk(start=200), last="client")
    assert state(network) is State.FAILED


def test_a_programs_log_alone_tells_of_refusals() -> None:
    told = replace(attempt(Told.ANSWERED), status=502)
    assert state_of((), [told], waiting_in_table=False) is State.REFUSED
    assert state_of((), [replace(told, status=404)], waiting_in_table=False) is State.HEALTHY
    assert state_of((), [replace(told, status=None, declined=True)], waiting_in_table=False) is State.REFUSED
