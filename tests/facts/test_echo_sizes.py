import pytest
from msgspec.structs import replace

from bothways.evidence.echo import EchoLog, EchoRun, TooLarge
from bothways.facts.echo_sizes import ECHO_SIZES, Echoes, echo_sizes
from bothways.facts.fact import Fact
from bothways.facts.subject import Subject
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import judge
from tests.helpers.network import Network, half_open

TOLD = (TooLarge(sender="192.0.2.1", mtu=1400, line=2),)


def subject() -> Subject:
    network = Network("client")
    half_open(network.talk(), last="client")
    return network.subject()


def run(
    payload: int,
    received: int,
    *,
    address: str | None = "",
    unfragmented: bool | None = True,
    told: tuple[TooLarge, ...] = (),
    sent: int = 5,
) -> EchoRun:
    return EchoRun(
        destination="somewhere",
        address=subject().server.address if address == "" else address,
        payload=payload,
        unfragmented=unfragmented,
        sent=sent,
        received=received,
        other_errors=0,
        too_large=told,
        line=1,
    )


def answered(*runs: EchoRun) -> Fact:
    return echo_sizes(replace(subject(), echoes=(EchoLog(file="ping.txt", runs=runs),)))


def test_large_ones_that_die_where_small_ones_return_settle_nothing_alone() -> None:
    fact = answered(run(1472, 0), run(500, 5))
    assert fact.answer is Echoes.LARGE_SILENT
    assert not fact.settles
    assert "1500 bytes" in fact.says


def test_full_sized_ones_that_return_whole_show_that_both_ways_carry_them() -> None:
    fact = answered(run(1472, 4), run(500, 5))
    assert fact.answer is Echoes.LARGE_RETURN
    assert fact.settles
    assert fact.sure


def test_where_routers_may_have_cut_them_that_is_not_sure() -> None:
    fact = answered(run(1472, 4, unfragmented=None))
    assert fact.answer is Echoes.LARGE_RETURN
    assert not fact.sure


def test_a_path_that_says_what_fits_is_no_hole() -> None:
    fact = answered(run(1472, 0, told=TOLD), run(1372, 5))
    assert fact.answer is Echoes.LARGE_TOLD
    assert "1400 bytes fit" in fact.says


@pytest.mark.parametrize(
    "runs",
    [
        (),
        (run(1472, 0), run(500, 0)),
        (run(1372, 5), run(500, 5)),
        (run(1472, 0, sent=2), run(500, 5)),
        (run(1472, 0), run(500, 2)),
        (run(1472, 0), run(500, 12, sent=40)),
        (run(1472, 0, address="198.51.100.200"), run(500, 5)),
        (run(1472, 0, address=None), run(500, 5)),
    ],
    ids=["none", "no-answer", "none-large", "too-few", "few-small", "chance", "another-host", "nameless"],
)
def test_otherwise_nobody_knows(runs: tuple[EchoRun, ...]) -> None:
    assert not answered(*runs).known


def test_a_ping_of_the_servers_name_is_the_servers() -> None:
    told = replace(run(1472, 5, address=None), destination="www.example.com")
    log = EchoLog(file="ping.txt", runs=(told,))
    assert echo_sizes(replace(subject(), echoes=(log,), name="www.example.com")).known


def test_full_sized_pings_speak_against_a_black_hole_and_eliminate_nothing() -> None:
    before = {item.theory: item for item in judge(THEORIES, ()).judged}
    after = {item.theory: item for item in judge(THEORIES, (Fact(kind=ECHO_SIZES, answer=Echoes.LARGE_RETURN),)).judged}
    assert after["mtu-black-hole"].probability < before["mtu-black-hole"].probability / 5
    assert "mtu-black-hole" in {item.theory for item in after.values() if item.standing != "eliminated"}
