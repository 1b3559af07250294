import pytest

from bothways.facts.options_fate import Fate, options_fate
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import SYNS, Network

REQUEST = b"\x22\x02"
COOKIE = b"\x22\x0acookie!!"
MPTCP = b"\x1e\x04\x01\x00"
UNKNOWN = b"\x4d\x04ab"
PLAIN = b""


def tried(dead: bytes, alive: bytes) -> Subject:
    """In turn, connections whose SYNs offer *dead* and get no answer, and such as offer *alive* and get one."""
    network = Network("client")
    for number in range(4):
        talk = network.talk(start=number * 12_000)
        if number % 2 == 0:
            for ms in SYNS:
                talk.there(ms, "S", options=[p.mss(1460), dead])
        else:
            talk.there(0, "S", options=[p.mss(1460), alive])
            talk.back(20, "SA")
            talk.there(40, "A")
            talk.there(41, "PA", 100)
            talk.back(70, "PA", 300)
            talk.closes(90)
    network.idle(60_000)
    return network.subject()


@pytest.mark.parametrize(
    ("dead", "alive", "named"),
    [
        (REQUEST, PLAIN, "Fast Open"),
        (COOKIE, REQUEST, "a Fast Open cookie"),
        (MPTCP, PLAIN, "MPTCP"),
        (UNKNOWN, PLAIN, "option 77"),
    ],
)
def test_the_option_that_all_dead_syns_bear_and_no_answered_one_is_named(dead: bytes, alive: bytes, named: str) -> None:
    fact = options_fate(tried(dead, alive))
    assert (fact.answer, fact.sure) == (Fate.SENSITIVE, True)
    assert f"SYNs with {named} had no answer" in fact.says


def test_the_same_options_with_both_fates_decide_nothing() -> None:
    assert options_fate(tried(MPTCP, MPTCP)).answer is Fate.INDIFFERENT


def test_no_option_is_blamed_for_what_died_without_it() -> None:
    assert isinstance(options_fate(tried(PLAIN, MPTCP)).answer, Unknown)
