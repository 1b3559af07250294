"""One numbering for all observers of a connection, whatever devices on the way make of its numbers."""

from random import Random

import pytest

from bothways.connections.clock import clock_offset
from bothways.connections.delivery import Downstream, count_by_class, crossings
from bothways.connections.exchange import Exchange
from bothways.connections.rewriting import Rewriting, Side, columns_kept, rewritings, side_of
from bothways.evidence.endpoint import Endpoint
from bothways.way import Way
from tests.helpers.network import Network, half_open, worked
from tests.helpers.translator import TIMESTAMPS, Translator, modulated, moved_to, nat, nothing


def rewritten(device: Translator, *, stalls: bool = False) -> Network:
    """A connection between whose ends *device* stands."""
    network = Network("client", "firewall-outside", "server")
    talk = network.talk()
    talk.stamps = True
    if stalls:
        half_open(talk, last="firewall-outside")
    else:
        worked(talk)
    network.idle(12_000)
    network.beyond = {"firewall-outside": device, "server": device}
    return network


def says(exchange: Exchange) -> list[list[tuple[int, int, int]]]:
    """Sequence number, acknowledgement and length of each packet, by observer."""
    return [[(s.seq, s.ack, s.payload) for way in Way for s in seen.segments(way)] for seen in exchange.seen]


DEVICES = {
    "both ways": Translator(sequence=modulated(Random(1))),
    "the client's": Translator(sequence=modulated(Random(2), "there"), client=nat(Random(2))),
    "the server's": Translator(sequence=modulated(Random(3), "back"), server=moved_to("10.9.0.1", 943)),
}


@pytest.mark.parametrize("how", list(DEVICES))
def test_all_observers_speak_in_the_numbers_of_the_one_nearest_to_the_client(how: str) -> None:
    exchange = rewritten(DEVICES[how]).exchange()
    near, *far = says(exchange)
    assert all(other == near for other in far)
    for seen in exchange.seen:
        assert seen.sides.there.end == exchange.seen[0].sides.there.end
        assert seen.sides.there.acked == exchange.seen[0].sides.there.acked
        assert seen.sides.back.isn == exchange.seen[0].sides.back.isn
    assert exchange.acknowledged(Way.THERE) == exchange.seen[0].sides.there.end


@pytest.mark.parametrize("how", list(DEVICES))
def test_the_row_and_the_packets_keep_what_stood_in_the_frames(how: str) -> None:
    exchange = rewritten(DEVICES[how]).exchange()
    up, down = exchange.seen[0], exchange.seen[-1]
    assert up.packets is not None
    assert down.packets is not None
    assert up.packets.segments[0].seq == up.sides.row.sent.isn
    assert down.packets.segments[0].seq == down.sides.row.sent.isn
    numbers = [(seen.sides.row.sent.isn, seen.sides.row.received.isn) for seen in (up, down)]
    assert numbers[0] != numbers[1]


def test_losses_are_counted_as_without_the_device() -> None:
    device = Translator(sequence=modulated(Random(1)), client=nat(Random(1)), marks=Random(1).getrandbits(15).__int__)
    counts = []
    for network in (rewritten(Translator(), stalls=True), rewritten(device, stalls=True)):
        exchange = network.exchange()
        up, down = exchange.at("client"), exchange.at("server")
        assert up is not None
        assert down is not None
        offset = clock_offset((exchange,), "client", "server")
        crossed = crossings(up, Downstream(seen=down, proven=False), Way.THERE, offset=offset)
        counts.append(count_by_class(crossed))
    assert counts[0] == counts[1]


def test_what_a_device_changes_in_every_packet_tells_no_packets_apart() -> None:
    for device, kept in (
        (Translator(), (True, True)),
        (Translator(marks=iter(range(9_000, 10_000)).__next__), (True, False)),
        (Translator(stamps=modulated(Random(1))), (False, True)),
        (Translator(strips=frozenset({TIMESTAMPS})), (False, True)),
    ):
        exchange = rewritten(device).exchange()
        columns = columns_kept(exchange.seen[0], exchange.seen[-1], Way.THERE)
        assert (columns.timestamps, columns.ip_ids) == kept
        offset = clock_offset((exchange,), "client", "server")
        assert offset is not None
        assert abs(offset.offset) <= 2


def test_where_acknowledgements_pass_the_device_by_nothing_is_said_to_be_acknowledged() -> None:
    device = Translator(sequence=lambda _, way: 5000 if way == "there" else 0, acks=False)
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", ack=5001)
    talk.there(21, "R", seq=1)
    network.beyond = {"server": device}
    exchange = network.exchange()
    assert len(exchange.seen) == 2
    assert exchange.seen[1].numbering.one_sided(Way.THERE)
    assert exchange.acknowledged(Way.THERE) is None
    near, far = says(exchange)
    assert near == far


def test_a_server_that_begins_anew_is_no_device() -> None:
    """The client missed the first offer, which the server forgot: both captures show the second one acknowledged."""
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", seq=-700, lost="server")
    talk.back(1020, "SA", seq=0)
    talk.there(1040, "A")
    exchange = network.exchange()
    assert len(exchange.seen) == 2
    assert exchange.seen[1].numbering.seq(Way.BACK) == 0


def test_a_late_observer_is_numbered_as_those_whose_numbers_it_continues() -> None:
    network = rewritten(Translator(sequence=modulated(Random(1)), client=nat(Random(1))))
    network.frames["server"] = network.frames["server"][3:]
    exchange = network.exchange()
    assert len(exchange.seen) == 3
    near, _, far = says(exchange)
    assert set(far) < set(near)


def test_observers_stand_before_behind_or_between_what_translates() -> None:
    network = rewritten(Translator(client=nat(Random(1))))
    exchanges = network.exchanges()
    sides = [side_of(seen.observer, exchanges) for seen in exchanges[0].seen]
    assert sides == [Side.BEFORE, Side.AFTER, Side.AFTER]
    first, second = rewritings(exchanges[0])
    assert isinstance(first, Rewriting)
    assert first.client is not None
    assert first.client[1].address == "203.0.113.7"
    assert (first.server, second.addresses) == (None, False)
    plain = rewritten(Translator()).exchanges()
    assert side_of(plain[0].seen[0].observer, plain) is None


def test_an_observer_may_stand_between_two_translators() -> None:
    network = rewritten(Translator())
    first = nat(Random(1))
    network.beyond = {
        "firewall-outside": Translator(client=first),
        "server": Translator(client=first, server=lambda end: Endpoint("10.9.0.1", end.port), sequence=nothing),
    }
    exchanges = network.exchanges()
    assert side_of(exchanges[0].seen[1].observer, exchanges) is Side.BETWEEN
