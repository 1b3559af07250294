import pytest

from bothways.facts.age_at_death import Death, age_at_death
from bothways.unknown import Unknown
from tests.helpers.network import RTO, Network, half_open


def dies(after_ms: float, *, busy: bool = False) -> Network:
    """Data both ways, then data that is lost; in use until then where *busy*."""
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(80, "PA", 300)
    talk.there(100, "A")
    sent = 201
    for ms in range(1_000, round(after_ms), 1_000) if busy else ():
        talk.there(ms, "PA", 10, seq=sent)
        sent += 10
        talk.back(ms + 40, "A", ack=sent)
    for ms in RTO:
        talk.there(after_ms + ms, "PA", 50, seq=sent, lost="client")
    return network


@pytest.mark.parametrize(
    ("after_ms", "busy", "answer"),
    [(400_000, False, Death.AFTER_SILENCE), (60_500, True, Death.AT_TIMER), (20_000, True, Death.IN_USE)],
)
def test_silence_and_age_are_told_from_use(after_ms: float, busy: bool, answer: Death) -> None:  # noqa: FBT001 - a row
    assert age_at_death(dies(after_ms, busy=busy).subject()).answer is answer


def test_a_silence_names_the_longest_timer_that_it_outlasts() -> None:
    assert "AWS" in age_at_death(dies(400_000).subject()).says
    assert "RFC 5382" in age_at_death(dies(7_500_000).subject()).says
    assert "after which pf may forget" in age_at_death(dies(90_000_000).subject()).says
    assert "forget" not in age_at_death(dies(100_000).subject()).says


def test_what_never_worked_has_no_age_at_death() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert isinstance(age_at_death(network.subject()).answer, Unknown)
