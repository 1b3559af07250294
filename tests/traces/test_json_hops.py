"""Answers to single probes, put together by distance."""

from bothways.evidence.path_report import HopReply
from bothways.traces.json_hops import Distances, is_distance
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.units import Duration


def reply(address: str, trip: int | None = None, ttl: int | None = None) -> HopReply:
    return HopReply(name=None, address=address, round_trips=() if trip is None else (Duration(trip),), reply_ttl=ttl)


def test_who_showed_the_same_several_times_is_one_reply_with_several_times() -> None:
    distances = Distances()
    distances.answered(2, reply("192.0.2.1", 5, 64), 7)
    distances.silent(1, 3)
    distances.answered(2, reply("192.0.2.1", 6, 64), 8)
    distances.answered(2, reply("192.0.2.1", 7, 63), 9)
    distances.silent(2, 9)
    first, second = distances.hops()
    assert (first.index, first.silent, first.sent, first.loss, first.line) == (1, True, 1, 1.0, 3)
    assert [(one.round_trips, one.reply_ttl) for one in second.replies] == [((5, 6), 64), ((7,), 63)]
    assert (second.sent, second.loss, second.line) == (4, 0.25, 7)


def test_where_nobody_knows_how_many_were_sent_loss_is_not_known_either() -> None:
    distances = Distances()
    distances.silent(1, 1, sent=0)
    distances.answered(2, reply("192.0.2.1"), 1, sent=0, mtu=1400)
    assert [(hop.sent, hop.loss, hop.mtu) for hop in distances.hops()] == [(None, None, None), (None, None, 1400)]


def test_memory_is_bounded() -> None:
    distances = Distances()
    for number in range(MOST_REPLIES + 9):
        distances.answered(1, reply(f"2001:db8::{number:x}", 1), 1)
        distances.answered(1, reply("2001:db8::", number), 1)
    (hop,) = distances.hops()
    assert len(hop.replies) == MOST_REPLIES
    assert max(len(one.round_trips) for one in hop.replies) == MOST_REPLIES
    assert hop.sent == 2 * (MOST_REPLIES + 9)


def test_a_distance_is_a_ttl() -> None:
    assert [is_distance(one) for one in (None, 0, 1, 255, 256)] == [False, False, True, True, False]
