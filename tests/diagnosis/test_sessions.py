from bothways.diagnosis.sessions import BURST, waiting_targets
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import Change
from tests.helpers.network import SERVER
from tests.helpers.surroundings import session, sessions

STRANGER = Endpoint("10.0.0.9", 7)
LATER = session("ESTABLISHED", ms=9000, unreplied=False, client=STRANGER, server=Endpoint("192.0.2.50", 22))


def test_an_entry_that_never_got_past_its_opening_while_the_log_ran_waits() -> None:
    (key,) = waiting_targets([sessions(session(), LATER)])
    assert (key.server, key.network, key.name) == (SERVER, "10.0.0.0/24", "")


def test_the_end_of_the_log_cuts_an_opening_off() -> None:
    assert waiting_targets([sessions(session(ms=0), session("ESTABLISHED", ms=1000, client=STRANGER))]) == []


def test_an_entry_that_went_on_does_not_wait() -> None:
    went_on = session("ESTABLISHED", ms=20, unreplied=False, change=Change.UPDATE)
    assert waiting_targets([sessions(session(), went_on, LATER)]) == []


def test_without_times_nobody_knows_how_long_it_waited() -> None:
    assert waiting_targets([sessions(session(ms=None), LATER)]) == []


def test_other_protocols_are_no_connections() -> None:
    assert waiting_targets([sessions(session(protocol="udp"), LATER)]) == []


def test_a_burst_to_one_server_is_a_trace_or_a_scan() -> None:
    probes = [session(ms=number, client=Endpoint("10.0.0.1", 50_000 + number)) for number in range(BURST)]
    assert waiting_targets([sessions(*probes, LATER)]) == []
    few = [session(ms=number * 500, client=Endpoint("10.0.0.1", 50_000 + number)) for number in range(BURST)]
    assert len(waiting_targets([sessions(*few, LATER)])) == 1
