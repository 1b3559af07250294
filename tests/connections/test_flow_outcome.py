"""What a monitor's record proves of a connection, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.flow_outcome import outcome_of
from bothways.connections.outcome import PATIENCE, Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.flow import Ending, Flow
from bothways.units import Instant

SECOND = 1_000_000_000


def flow(
    ending: Ending = Ending.ATTEMPT,
    history: str = "S",
    lasted: float | None = 3.05,
    packets: tuple[int | None, int | None] = (3, 0),
    payload: tuple[int | None, int | None] = (0, 0),
    *,
    complete: bool = True,
) -> Flow:
    return Flow(
        line=9,
        client=Endpoint("10.0.0.2", 40000),
        server=Endpoint("192.0.2.2", 443),
        first=Instant(0),
        last=None if lasted is None else Instant(round(lasted * SECOND)),
        ending=ending,
        history=history,
        packets=packets,
        payload=payload,
        complete=complete,
    )


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (flow(), Outcome.UNANSWERED),
        (flow(history="", packets=(2, None)), Outcome.UNANSWERED),
        (flow(history="SS", packets=(None, None)), Outcome.UNANSWERED),
        (flow(Ending.REJECTED, "Sr", 0.01, (1, 1)), Outcome.REFUSED),
        (flow(Ending.REJECTED, "", 0.01, (1, 1)), Outcome.REFUSED),
        (flow(Ending.RESET_BY_SERVER, "ShADar", 0.1, (4, 3), (517, 0)), Outcome.RESET),
        (flow(Ending.RESET_BY_SERVER, "ShAr", 0.1, (3, 2)), Outcome.RESET),
        (flow(Ending.CLOSED, "ShADadFf", 0.1, (6, 5), (77, 295)), Outcome.WORKED),
        (flow(Ending.CLOSED, "", 0.1, (None, None), (77, 295)), Outcome.WORKED),
        (flow(Ending.CLOSED, "ShADadgFf", 0.1, (6, 5), (77, 295), complete=False), Outcome.WORKED),
    ],
)
def test_what_the_record_proves(record: Flow, outcome: Outcome) -> None:
    assert outcome_of(record) is outcome


@pytest.mark.parametrize(
    "record",
    [
        flow(packets=(1, 0)),
        flow(packets=(None, None)),
        flow(lasted=2.9),
        flow(lasted=None),
        flow(packets=(3, 1)),
        flow(history="SA"),
        flow(complete=False),
        flow(Ending.REJECTED, "ShAr"),
        flow(Ending.REJECTED, "Sr", complete=False),
        flow(Ending.RESET_BY_SERVER, "ShADadr", payload=(517, 4000)),
        flow(Ending.RESET_BY_SERVER, "ShADar", payload=(517, None)),
        flow(Ending.RESET_BY_SERVER, "", payload=(517, 0)),
        flow(Ending.RESET_BY_SERVER, "ShAFfr"),
        flow(Ending.RESET_BY_SERVER, "ShADar", payload=(517, 0), complete=False),
        flow(Ending.RESET_BY_CLIENT, "ShADaR", 30, (9, 3), (517, 0)),
        flow(Ending.CLOSED, "ShAFf", payload=(0, 0)),
        flow(Ending.CLOSED, "ShADaFf", payload=(77, 0)),
        flow(Ending.CLOSED, "ShADaFf", payload=(77, 295)),
        flow(Ending.CLOSED, "ShADadFf", payload=(None, None)),
        flow(Ending.OPEN, "ShADad", 300, (9, 9), (77, 295)),
        flow(Ending.OPEN, "Sh", 60, (1, 5)),
        flow(Ending.PARTIAL, "SAD", 30, (9, 0)),
    ],
)
def test_what_may_be_the_records_own_blindness_is_censored(record: Flow) -> None:
    assert outcome_of(record) is Outcome.CENSORED


@given(
    ending=st.sampled_from(Ending),
    history=st.text("SHADFRTshadfrt", max_size=8),
    lasted=st.none() | st.floats(0, 100),
    packets=st.tuples(*[st.none() | st.integers(0, 9)] * 2),
    payload=st.tuples(*[st.none() | st.integers(0, 9)] * 2),
    complete=st.booleans(),
)
def test_a_failure_is_claimed_of_nothing_in_which_the_server_spoke(  # the words of a server are its data
    ending: Ending,
    history: str,
    lasted: float | None,
    packets: tuple[int | None, int | None],
    payload: tuple[int | None, int | None],
    *,
    complete: bool,
) -> None:
    record = flow(ending, history, lasted, packets, payload, complete=complete)
    outcome = outcome_of(record)
    if outcome.failed:
        assert complete
        assert "d" not in history
    if outcome is Outcome.UNANSWERED:
        assert set(history) <= {"S"}
        assert lasted is not None
        assert lasted * SECOND >= PATIENCE - 1
