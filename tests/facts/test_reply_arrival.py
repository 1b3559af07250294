from bothways.facts.reply_arrival import Arrived, Returned, reply_at_client, reply_returned
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import SYNS, Network


def asked(*vantages: str, lost: str | None = None, resets: bool = False) -> Network:
    network = Network(*vantages)
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA", lost=lost)
        if resets:
            talk.there(ms + 40, "R", seq=1)
    network.idle(12_000)
    return network


def test_a_syn_ack_on_the_clients_card_arrived() -> None:
    assert reply_at_client(asked("client").subject()).answer is Arrived.YES


def test_a_client_that_asks_in_vain_got_none() -> None:
    assert reply_at_client(asked("client", "server", lost="server").subject()).answer is Arrived.NO


def test_a_client_that_resets_it_has_not_dropped_it() -> None:
    assert isinstance(reply_at_client(asked("client", resets=True).subject()).answer, Unknown)


def test_only_a_capture_at_the_client_tells() -> None:
    assert isinstance(reply_at_client(asked("server").subject()).answer, Unknown)


def returned(kind: int, code: int) -> object:
    network = Network("server")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
        segment = p.tcp(443, talk.client.port, seq=talk.isn["back"], ack=talk.isn["there"] + 1, flags="SA")
        quoted = p.ipv4(talk.server.address, talk.client.address, segment, ttl=60)
        error = p.icmp_error("203.0.113.9", talk.server.address, quoted, kind=kind, code=code, ttl=62)
        network.record("server", ms + 50, p.ethernet(error))
    network.idle(12_000)
    return reply_returned(network.subject()).answer


def test_a_router_without_a_way_says_so_to_the_server() -> None:
    assert returned(3, 0) is Returned.UNREACHABLE
    assert returned(3, 1) is Returned.UNREACHABLE


def test_a_filter_that_forbids_it_does_not_say_why() -> None:
    assert isinstance(returned(3, 13), Unknown)


def test_a_ttl_that_ran_out_is_another_matter() -> None:
    assert returned(11, 0) is Returned.NO


def test_that_nobody_says_so_settles_nothing() -> None:
    fact = reply_returned(asked("server").subject())
    assert fact.answer is Returned.NO
    assert not fact.settles
