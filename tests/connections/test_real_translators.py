"""What Linux's own translators make of connections: see samples/README.md."""

from pathlib import Path

from bothways.connections.exchange import Exchange
from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.outcome import Outcome
from bothways.connections.rewriting import Side, side_of
from bothways.evidence.case import Role
from bothways.way import Way
from tests.helpers.readers import survey

SAMPLES = Path(__file__).parent / "samples"
VISITS = 7


def joined(folder: str, *vantages: str) -> tuple[Exchange, ...]:
    surveys = [survey([(SAMPLES / folder / f"{name}.pcap").read_bytes()], file=f"{name}.pcap") for name in vantages]
    roles = [Role(vantage=name, decided=True) for name in vantages]
    observers = place_observers(list(zip(surveys, roles, strict=True)))
    return join(observers, [see(observer, ()) for observer in observers])


def test_masquerading_and_destination_nat_are_seen_through() -> None:
    exchanges = joined("nat", "client", "server")
    assert [len(one.seen) for one in exchanges] == [2] * VISITS
    assert {str(one.server) for one in exchanges} == {"198.51.100.7:80", "203.0.113.9:8080"}
    assert {str(one.seen[1].sides.server) for one in exchanges} == {"203.0.113.9:8080"}
    assert [one.outcome for one in exchanges] == [Outcome.WORKED] * 6 + [Outcome.SILENT]
    assert [side_of(seen.observer, exchanges) for seen in exchanges[0].seen] == [Side.BEFORE, Side.AFTER]


def test_the_translators_own_capture_joins_what_both_ends_saw() -> None:
    exchanges = joined("nat", "client", "firewall-any", "server")
    assert [len(one.seen) for one in exchanges] == [3] * VISITS
    assert {one.again[0].sides.client.address for one in exchanges} == {"203.0.113.1"}


def test_a_syn_proxy_is_seen_through_and_the_servers_numbers_are_the_clients() -> None:
    exchanges = joined("synproxy", "client", "server")
    assert [len(one.seen) for one in exchanges] == [2] * VISITS
    for one in exchanges:
        near, far = one.seen
        assert near.sides.back.end == far.sides.back.end
        assert one.acknowledged(Way.BACK) == near.sides.there.acked
        assert far.numbering.seq(Way.BACK) != 0
        assert far.numbering.seq(Way.THERE) == 0
