import pytest

from bothways.connections.packet_class import PacketClass
from bothways.evidence.endpoint import Endpoint
from bothways.facts.stretches import proven, stretches
from bothways.way import Way
from tests.helpers.network import RTO, SERVER, SYNS, Network, half_open, worked

INSIDE = ("firewall-inside", "firewall-outside")


def test_each_pair_of_neighbours_is_one_stretch_in_the_order_of_the_way() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="server")
    subject = network.subject()
    pairs = [(item.upstream.vantage, item.downstream.vantage) for item in stretches(subject, Way.THERE)]
    assert pairs == [("client", INSIDE[0]), INSIDE, (INSIDE[1], "server")]
    back = [item.upstream.vantage for item in stretches(subject, Way.BACK)]
    assert back == ["server", INSIDE[1], INSIDE[0]]


def test_loss_is_counted_class_by_class_over_all_failed_connections() -> None:
    network = Network("client", *INSIDE, "server")
    for number in range(3):
        half_open(network.talk(start=number * 10), last="firewall-inside", unseen=INSIDE)
    network.idle(9000)
    first, second = stretches(network.subject(), Way.THERE)[:2]
    assert first.tally() == "SYN 3 of 3, ACK 12 of 12, data 18 of 18"
    assert second.tally() == "SYN 3 of 3, ACK 0 of 12, data 0 of 18"
    assert set(second.lost) == {PacketClass.ACK, PacketClass.DATA}
    assert second.at_device
    assert not first.at_device
    assert second.sure


def test_one_lost_ack_of_one_is_chance() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", lost="client")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
    (stretch,) = stretches(network.subject(), Way.THERE)
    assert stretch.lost == ()


def test_data_of_which_one_sending_arrived_was_not_lost_for_good() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    for ms in RTO[:-1]:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    talk.there(RTO[-1], "PA", 100, seq=1)
    network.idle(12_000)
    (stretch,) = stretches(network.subject(), Way.THERE)
    assert stretch.counts[PacketClass.DATA] == (1, len(RTO))
    assert stretch.lost == ()


def test_an_observer_without_any_packet_of_the_connection_needs_a_proof() -> None:
    network = Network("client", "server")
    talk = network.talk(start=500)
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    assert stretches(network.subject(), Way.THERE) == ()
    worked(network.talk())
    worked(network.talk(start=9000))
    subject = network.subject()
    assert proven(subject, subject.exemplars[0], subject.observers[-1])
    (stretch,) = stretches(subject, Way.THERE)
    assert stretch.tally() == "SYN 0 of 3"
    assert stretch.lost == (PacketClass.SYN,)


@pytest.mark.parametrize("served", [True, False])
def test_other_hosts_that_are_served_meanwhile_prove_that_nothing_came_of_this_one(*, served: bool) -> None:
    network = Network("client", "server")
    talk = network.talk(start=500)
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    for start in (0, 9000):
        other = network.talk(client="10.0.0.9", start=start)
        if served:
            worked(other)
        else:
            other.there(0, "S")
            other.there(1000, "S")
    subject = network.subject()
    mine = next(item for item in subject.connections if item.client.address == talk.client.address)
    assert proven(subject, mine, subject.observers[-1]) is served


def test_what_fails_at_the_server_under_another_address_may_be_this_one() -> None:
    network = Network("client", "server")
    talk = network.talk(start=500)
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    for start in (0, 9000):
        worked(network.talk(client="10.0.0.9", start=start))
    stranger = network.talk(client="198.51.100.9", start=520)
    for ms in (0, 1000, 3000):
        stranger.there(ms, "S")
    network.frames["client"] = [item for item in network.frames["client"] if bytes((198, 51, 100, 9)) not in item.frame]
    subject = network.subject()
    mine = next(item for item in subject.connections if item.client.address == talk.client.address)
    assert not proven(subject, mine, subject.observers[-1])


def unseen_syns(*, port: int = SERVER.port, ahead: float = 0, after: float = 100) -> bool:
    """Whether the server's capture of a connection to *port* proves that one *after* its begin never came."""
    network = Network("client", "server", clocks={"server": ahead})
    worked(network.talk(server=Endpoint(SERVER.address, port)))
    talk = network.talk(start=after)
    for ms in SYNS:
        talk.there(ms, "S", lost="client")
    subject = network.subject(connections=network.exchanges())
    return proven(subject, subject.exemplars[0], subject.observers[-1])


def test_a_capture_of_another_port_may_have_been_told_to_keep_only_that() -> None:
    assert unseen_syns()
    assert not unseen_syns(port=8080)


def test_whether_the_capture_ran_is_asked_of_its_own_clock() -> None:
    assert unseen_syns(ahead=300_000)
    assert not unseen_syns(after=5000, ahead=4900)


def test_a_flow_that_goes_around_a_tap_is_not_lost_before_it_but_between_those_whom_it_passes() -> None:
    network = Network("client", "firewall-inside", "tap", "server")
    worked(network.talk())
    talk = network.talk(start=100)
    talk.there(0, "S", unseen=["tap"])
    talk.back(20, "SA", unseen=["tap"])
    talk.there(40, "A", unseen=["tap"])
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="firewall-inside")
    network.idle(20_000)
    measured = stretches(network.subject(), Way.THERE)
    assert [item.downstream.vantage for item in measured] == ["firewall-inside", "server"]
    assert [item.lost for item in measured] == [(), (PacketClass.DATA,)]
    assert measured[1].counts[PacketClass.ACK] == (1, 1)


def test_a_tap_that_one_of_several_failing_flows_passes_stands_between_its_neighbours() -> None:
    network = Network("client", "firewall-inside", "server")
    for number, unseen in enumerate(([], ["firewall-inside"])):
        talk = network.talk(start=100 * number)
        talk.there(0, "S", unseen=unseen)
        talk.back(20, "SA", unseen=unseen)
        for ms in RTO:
            talk.there(40 + ms, "PA", 100, seq=1, lost="client")
    network.idle(20_000)
    measured = stretches(network.subject(), Way.THERE)
    assert [item.downstream.vantage for item in measured] == ["firewall-inside", "server"]


# --- captures that miss packets ---


def resent(*vantages: str, sees: dict[str, tuple[int, ...]], acked: bool = False) -> Network:
    """A request sent six times, of which each observer in *sees* recorded the sendings listed there."""
    network = Network(*vantages)
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    for number, ms in enumerate(RTO):
        missing = [vantage for vantage in vantages if number not in sees[vantage]]
        talk.there(ms, "PA", 61, seq=1, unseen=missing)
    if acked:
        talk.back(6700, "A", ack=62)
    network.idle(12_000)
    return network


def test_bytes_that_a_sending_brought_which_the_upstream_observer_missed_are_not_lost() -> None:
    network = resent("client", "firewall-inside", sees={"client": (0, 2, 4, 5), "firewall-inside": (3,)})
    (stretch,) = stretches(network.subject(), Way.THERE)
    assert stretch.counts[PacketClass.DATA] == (0, 4)
    assert stretch.lost == ()


def test_bytes_that_are_seen_farther_on_passed_the_observer_that_missed_them() -> None:
    seen = {"client": (0, 2), "firewall-inside": (), "server": (1,)}
    network = resent("client", "firewall-inside", "server", sees=seen)
    assert not any(item.lost for item in stretches(network.subject(), Way.THERE))


def test_bytes_that_the_server_acknowledged_are_not_lost() -> None:
    network = resent("client", "firewall-inside", sees={"client": (0, 2), "firewall-inside": ()}, acked=True)
    subject = network.subject(exemplars=network.exchanges())
    assert not any(item.lost for item in stretches(subject, Way.THERE))


def test_bytes_that_nobody_saw_farther_on_are_lost() -> None:
    network = resent("client", "firewall-inside", sees={"client": (0, 2), "firewall-inside": ()})
    (stretch,) = stretches(network.subject(), Way.THERE)
    assert stretch.lost == (PacketClass.DATA,)
    assert len(stretch.witnesses) == 2


def test_data_that_was_sent_once_is_not_lost_for_good_though_an_ack_bears_its_number() -> None:
    network = resent("client", "firewall-inside", sees={"client": (0,), "firewall-inside": ()})
    (stretch,) = stretches(network.subject(exemplars=network.exchanges()), Way.THERE)
    assert stretch.counts[PacketClass.DATA] == (0, 1)
    assert stretch.lost == ()


def test_acks_are_not_lost_where_one_arrived_that_the_upstream_observer_missed() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", unseen=["firewall-inside"])
    for ms, missed_at in ((1020, "client"), (3020, "firewall-inside"), (7020, "firewall-inside")):
        talk.back(ms, "SA", seq=0, ack=1)
        talk.there(ms + 20, "A", unseen=[missed_at])
    network.idle(9000)
    (stretch, *_) = stretches(network.subject(), Way.THERE)
    assert stretch.counts[PacketClass.ACK] == (0, 3)
    assert stretch.lost == ()


def test_a_class_of_which_one_packet_came_across_is_not_lost() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.handshake()
    talk.back(50, "PA", 100)
    for ms in (70, 80, 90):
        talk.there(ms, "A", unseen=["firewall-inside"])
    network.idle(9000)
    subject = network.subject(exemplars=network.exchanges())
    (stretch, *_) = stretches(subject, Way.THERE)
    assert stretch.counts[PacketClass.ACK] == (1, 4)
    assert stretch.lost == ()


@pytest.mark.parametrize("size", [0, 10])
def test_a_packet_that_says_what_a_missed_one_said_speaks_for_its_class(size: int) -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", unseen=["firewall-inside"])
    talk.there(41, "PA" if size else "A", size, unseen=["client"] * (not size))
    talk.back(50, "PA", 100)
    for ms in (70, 80):
        talk.there(ms, "A", unseen=["firewall-inside"])
    network.idle(9000)
    (stretch, *_) = stretches(network.subject(exemplars=network.exchanges()), Way.THERE)
    assert stretch.counts[PacketClass.ACK] == (0, 3)
    assert stretch.lost == ()


def test_data_that_passes_carries_the_bit_that_bare_acks_carry() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(41, "PA", 10)
    talk.back(50, "PA", 100)
    for ms in (70, 80):
        talk.there(ms, "A", unseen=["firewall-inside"])
    network.idle(9000)
    (stretch, *_) = stretches(network.subject(exemplars=network.exchanges()), Way.THERE)
    assert stretch.counts[PacketClass.ACK] == (0, 2)
    assert stretch.lost == ()
