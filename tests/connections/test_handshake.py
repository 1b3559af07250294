import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.connections.handshake import TRANSITIONS, Handshake, of, refuses
from bothways.evidence.segment import Flags
from tests.helpers.network import Network

LETTERS = "SHADTFRU"
EVENTS = LETTERS + LETTERS.lower()

N, S, OFF, A, T, X, R = (
    Handshake.NOTHING,
    Handshake.SYN,
    Handshake.OFFERED,
    Handshake.ACKED,
    Handshake.TAKEN,
    Handshake.RESET,
    Handshake.REFUSED,
)

# One row per state; for each group of events where it leads. Every event that no group names leaves the state alone.
TABLE: dict[Handshake, dict[str, Handshake]] = {
    N: {"S": S, "h": OFF, "ADTF": A, "adtf": T, "Rr": X},
    S: {"h": OFF, "r": R, "ADTF": A, "dtf": T},
    OFF: {"ADTF": A, "adtf": T, "Rr": X},
    A: {"adtf": T, "Rr": X},
    R: {"S": S, "h": OFF, "ADTF": A, "dtf": T, "R": X},
    T: {},
    X: {},
}


def _leads(state: Handshake, event: str) -> Handshake:
    return next((end for events, end in TABLE[state].items() if event in events), state)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", Handshake)
def test_every_event_leads_every_state_where_the_table_says(state: Handshake, event: str) -> None:
    assert TRANSITIONS[state].get(event, state) is _leads(state, event)


def test_the_table_knows_every_state_and_no_event_that_histories_lack() -> None:
    assert set(TRANSITIONS) == set(Handshake)
    assert {event for row in TRANSITIONS.values() for event in row} <= set(EVENTS)


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ("", N),
        ("S", S),
        ("SSS", S),
        ("Sr", R),
        ("SrS", S),
        ("SrA", A),
        ("SrDr", X),
        ("SrR", X),
        ("Srd", T),
        ("Sh", OFF),
        ("ShhhA", A),
        ("ShA", A),
        ("ShAD", A),
        ("ShADa", T),
        ("ShADhTAhA", A),
        ("ShAd", T),
        ("ShR", X),
        ("ShAr", X),
        ("ShADr", X),
    ],
)
def test_a_history_ends_in_its_state(history: str, state: Handshake) -> None:
    assert of(history) is state


def test_an_ack_of_the_client_completes_nothing_on_its_own_word() -> None:
    assert of("ShAAA") is Handshake.ACKED


def test_a_bare_ack_in_answer_to_a_syn_is_a_challenge_and_no_acceptance() -> None:
    assert of("Sa") is Handshake.SYN
    assert of("SaSaSa") is Handshake.SYN


def test_a_tap_of_the_way_there_alone_sees_an_ack_without_an_offer() -> None:
    assert of("SA") is Handshake.ACKED
    assert of("AD") is Handshake.ACKED


def test_what_was_taken_stays_taken_and_what_was_reset_stays_reset() -> None:
    assert of("ShADarR") is Handshake.TAKEN
    assert of("ShArSh") is Handshake.RESET


@given(st.text(alphabet=EVENTS, max_size=20))
def test_a_connection_is_never_taken_unless_the_server_said_more_than_syn_ack(history: str) -> None:
    if not set(history) & set("adtf"):
        assert of(history) is not Handshake.TAKEN


@given(st.text(alphabet=EVENTS, max_size=20), st.sampled_from("Uu"))
def test_icmp_errors_move_nothing(history: str, error: str) -> None:
    assert of(history + error) is of(history)


# --- which reset can answer a SYN ---


def refused(flags: str, *, seq: int = 0, ack: int = 1, size: int = 0) -> bool:
    """Whether a RST with these numbers can answer a SYN that carries *size* bytes."""
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S", size)
    talk.back(20, flags, seq=seq, ack=ack)
    (seen,) = network.exchange().seen
    return refuses(seen.back[0], seen.there[0])


def test_a_reset_that_acknowledges_the_syn_answers_it() -> None:
    assert refused("RA")
    assert refused("RA", size=100, ack=101)
    assert refused("RA", size=100, ack=1)


def test_a_reset_without_ack_answers_a_packet_that_acknowledges_something() -> None:
    assert not refused("R", seq=1)
    assert not refused("R")
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)
    (seen,) = network.exchange().seen
    assert not refuses(replace(seen.back[0], flags=Flags.RST), seen.there[0])


def test_a_reset_that_acknowledges_something_else_answers_something_else() -> None:
    assert not refused("RA", ack=0)
    assert not refused("RA", ack=2)
    assert not refused("RA", ack=70_000)
