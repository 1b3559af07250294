import pytest

from bothways.facts.host_counters import (
    DISCARDS,
    Counted,
    Discarded,
    client_discards,
    listen_overflows,
    repeats_at_client,
    server_discards,
)
from bothways.unknown import Unknown
from tests.helpers.hosts import counters, half_open, listening, sockets, untold
from tests.helpers.network import Network

OVERFLOWS, COOKIES = "TcpExtListenOverflows", "TcpExtSyncookiesSent"
NONE_DISCARDED = dict.fromkeys(DISCARDS, 0)


@pytest.mark.parametrize(
    ("snapshots", "answer"),
    [
        (({OVERFLOWS: 3},), Counted.COUNTED),
        (({OVERFLOWS: 0},), Counted.NONE),
        (({OVERFLOWS: 3, "TcpInSegs": 1}, {OVERFLOWS: 5, "TcpInSegs": 9}), Counted.RISEN),
        (({OVERFLOWS: 3, "TcpInSegs": 1}, {OVERFLOWS: 3, "TcpInSegs": 9}), Counted.NONE),
    ],
)
def test_overflows_of_accept_queues(snapshots: tuple[dict[str, int], ...], answer: Counted) -> None:
    fact = listen_overflows(untold(counters=(counters(*snapshots),)))
    assert fact.answer is answer
    assert fact.vantage == "server"
    assert {cite.file for cite in fact.cites} == {"server.nstat.txt"}


def test_cookies_are_told_beside_overflows() -> None:
    fact = listen_overflows(untold(counters=(counters({OVERFLOWS: 32, COOKIES: 29}),)))
    assert "32 times" in fact.says
    assert "29 SYN cookies" in fact.says


def test_none_is_sure_only_where_the_connection_is_listed_beside_counts_from_the_start() -> None:
    none = {OVERFLOWS: 0, "TcpInSegs": 3}
    nowhere = untold(counters=(counters(none),))
    assert not listen_overflows(nowhere).sure
    seen = sockets(half_open(), vantage="server")
    assert listen_overflows(untold(counters=(counters(none),), sockets=(seen,))).sure
    since_when = counters(none, command="nstat -z")
    assert not listen_overflows(untold(counters=(since_when,), sockets=(seen,))).sure


def test_none_may_have_been_counted_before_the_failure() -> None:
    none, later = {OVERFLOWS: 0, "TcpInSegs": 3}, {OVERFLOWS: 0, "TcpInSegs": 9}
    port = sockets(listening(0, 5), vantage="server")
    assert not listen_overflows(untold(counters=(counters(none),), sockets=(port,))).sure
    assert listen_overflows(untold(counters=(counters(none, later),), sockets=(port,))).sure
    assert not listen_overflows(untold(counters=(counters(none, later),))).sure


@pytest.mark.parametrize("vantage", [None, "client", "firewall-inside"])
def test_what_another_host_counts_says_nothing_of_the_server(vantage: str | None) -> None:
    evidence = (counters({OVERFLOWS: 3} | NONE_DISCARDED, vantage=vantage),)
    assert isinstance(listen_overflows(untold(counters=evidence)).answer, Unknown)
    assert isinstance(server_discards(untold(counters=evidence)).answer, Unknown)


@pytest.mark.parametrize("name", DISCARDS)
def test_what_most_was_discarded_for(name: str) -> None:
    fact = server_discards(untold(counters=(counters(dict.fromkeys(DISCARDS, 2) | {name: 5}),)))
    assert fact.answer is DISCARDS[name][0]
    assert name in fact.says
    assert "5 packets" in fact.says
    assert not fact.settles, "nobody knows how much came"


def test_nothing_discarded_needs_all_counters() -> None:
    assert server_discards(untold(counters=(counters(NONE_DISCARDED),))).answer is Discarded.NOTHING
    some = {"TcpInCsumErrors": 0}
    assert isinstance(server_discards(untold(counters=(counters(some),))).answer, Unknown)


def test_repeats_that_the_client_counts_settle_nothing() -> None:
    name = "TcpExtTCPSYNChallenge"
    fact = repeats_at_client(untold(counters=(counters({name: 12}, vantage="client"),)))
    assert (fact.answer, fact.vantage, fact.settles) == (Counted.COUNTED, "client", False)
    assert repeats_at_client(untold(counters=(counters({name: 0}, vantage="client"),))).answer is Counted.NONE
    assert isinstance(repeats_at_client(untold(counters=(counters({name: 3}),))).answer, Unknown)


@pytest.mark.parametrize(("counted", "settles"), [(3, False), (4, True), (250, True), (10_000, False)])
def test_a_count_since_the_start_settles_where_it_can_be_of_what_came(counted: int, settles: bool) -> None:  # noqa: FBT001 - a column
    network = Network("client", "server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000, 15_000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    counts = NONE_DISCARDED | {"TcpExtIPReversePathFilter": counted}
    subject = network.subject(counters=(counters(counts, vantage="client"),))
    fact = client_discards(subject)
    assert fact.answer is Discarded.WRONG_INTERFACE
    assert fact.vantage == "client"
    assert fact.settles is settles
    assert isinstance(server_discards(subject).answer, Unknown)
