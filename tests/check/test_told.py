"""What was tried is told in a line for each sort of connection that ended alike."""

from msgspec.structs import replace

from bothways.check.controls import comparisons, further_ports, real
from bothways.check.target import target_of
from bothways.check.told import tried_lines
from bothways.check.trial import Tried
from bothways.evidence.attempt import Outcome
from bothways.units import MILLISECOND, Duration, seconds
from tests.helpers.scripted_check import ANSWERED, STALLED, UNANSWERED, Fate, ScriptedNetwork

(TRIAL,) = real(target_of("www.example.net"), ["192.0.2.1"])


def tried(trial: object = TRIAL, fate: Fate = ANSWERED, **known: object) -> Tried:
    network = ScriptedNetwork(lambda *_: fate)
    running = network.begin(trial)  # type: ignore[arg-type]
    network.run(until=network.now() + seconds(4), while_=lambda: True)  # type: ignore[arg-type]
    return replace(running.tried(), **known)


def test_connections_that_fared_alike_are_one_line_with_the_span_of_their_times() -> None:
    trials = (TRIAL, *further_ports(TRIAL, 2))
    tries = [
        tried(trial, STALLED, connected=Duration((10 + number) * MILLISECOND)) for number, trial in enumerate(trials)
    ]
    (line,) = tried_lines(tries)
    assert line.startswith("www.example.net at 192.0.2.1:443, 3 connections: connected after 10 ms to 12 ms; then no")


def test_connections_that_fared_otherwise_have_a_line_of_their_own() -> None:
    lines = tried_lines([tried(), tried(fate=UNANSWERED), tried(fate=STALLED)])
    assert ["no answer to the SYN" in line for line in lines] == [False, True, False]
    assert len(lines) == 3


def test_each_comparison_says_what_was_different() -> None:
    lines = tried_lines([tried(trial) for trial in comparisons(TRIAL, ["203.0.113.9"])])
    for words in (
        "under another name",
        "under no name",
        "with small segments",
        "192.0.2.1:80 to compare",
        "203.0.113.9:443 to compare",
    ):
        assert sum(words in line for line in lines) == 1


def test_a_status_is_told() -> None:
    one = tried()
    (line,) = tried_lines([replace(one, attempt=replace(one.attempt, status=404))])
    assert "answered (HTTP 404)" in line


def test_a_name_that_would_draw_on_the_terminal_does_not() -> None:
    one = tried(fate=STALLED)
    (line,) = tried_lines([replace(one, trial=replace(one.trial, name="\x1b[2J"))])
    assert line.isprintable()
    assert one.attempt.outcome is Outcome.STALLED
