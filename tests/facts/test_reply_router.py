from typing import Any

import pytest

from bothways.facts.reply_router import Router, reply_router
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network, Talk

HOST, ONE, OTHER, CARD = (bytes.fromhex(f"02000000000{digit}") for digit in "1234")
VRRP = bytes.fromhex("00005e000107")
HSRP = bytes.fromhex("00000c9ff00a")


def stalls(talk: Talk, *, to: bytes, by: bytes, at: bytes = HOST, start: float = 0) -> None:
    """Repeated SYN+ACKs at a client that sends to one router and hears from another, or from the same."""
    talk.there(start, "S", mac=HOST, receiver=to)
    for ms in SYNS:
        talk.back(start + ms + 20, "SA", seq=0, ack=1, mac=by, receiver=at)
        talk.there(start + ms + 40, "A", seq=1, ack=1, mac=HOST, receiver=to)


def subject(*, to: bytes, by: bytes, at: bytes = HOST, vantage: str = "client") -> Subject:
    network = Network(vantage)
    stalls(network.talk(), to=to, by=by, at=at)
    network.idle(20_000)
    return network.subject()


def works(talk: Talk, *, to: bytes, by: bytes) -> None:
    there: dict[str, Any] = {"mac": HOST, "receiver": to}
    back: dict[str, Any] = {"mac": by, "receiver": HOST}
    talk.there(0, "S", **there)
    talk.back(20, "SA", **back)
    talk.there(40, "A", **there)
    talk.there(41, "PA", 100, **there)
    talk.back(70, "PA", 300, **back)
    talk.there(90, "FA", **there)
    talk.back(110, "FA", **back)
    talk.there(130, "A", **there)


def test_replies_by_the_same_router() -> None:
    assert reply_router(subject(to=ONE, by=ONE)).answer is Router.SAME


def test_replies_by_another_router_are_told_with_both_addresses() -> None:
    fact = reply_router(subject(to=ONE, by=OTHER))
    assert fact.answer is Router.ANOTHER
    assert "02:00:00:00:00:02" in fact.says
    assert "02:00:00:00:00:03" in fact.says
    assert not fact.settles


def test_what_connections_that_work_show_too_is_the_habit_of_the_place() -> None:
    network = Network("client")
    stalls(network.talk(), to=ONE, by=OTHER)
    works(network.talk(start=30_000), to=ONE, by=OTHER)
    network.idle(60_000)
    assert reply_router(network.subject()).answer is Router.ANOTHER_ALWAYS


@pytest.mark.parametrize(
    ("to", "by", "at", "why"),
    [
        (VRRP, OTHER, HOST, "share an address"),
        (HSRP, ONE, HOST, "share an address"),
        (ONE, OTHER, CARD, "several cards"),
    ],
)
def test_shared_addresses_and_several_cards_leave_it_open(to: bytes, by: bytes, at: bytes, why: str) -> None:
    answer = reply_router(subject(to=to, by=by, at=at)).answer
    assert isinstance(answer, Unknown)
    assert why in answer.why


def test_a_shared_address_that_also_sends_is_one_router() -> None:
    assert reply_router(subject(to=VRRP, by=VRRP)).answer is Router.SAME


def test_between_the_ends_nobody_sees_their_links() -> None:
    assert isinstance(reply_router(subject(to=ONE, by=OTHER, vantage="tap")).answer, Unknown)
