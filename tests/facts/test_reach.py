from bothways.facts.reach import AckFate, Lost, Reached, ack_fate, place_of_loss, seen_at_server
from bothways.unknown import Unknown
from bothways.way import Way
from tests.helpers.network import RTO, Network, half_open, worked
from tests.helpers.packets import client_hello

INSIDE = ("firewall-inside", "firewall-outside")


def hello_lost(*vantages: str, last: str = "firewall-inside") -> Network:
    network = Network(*vantages)
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", content=client_hello("a.example"), seq=1, lost=last)
    network.idle(9000)
    return network


# --- what reached the server's host ---


def test_one_syn_and_nothing_else_ever() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    fact = seen_at_server(network.subject())
    assert fact.answer is Reached.SYN
    assert fact.sure


def test_the_handshakes_ack_without_the_data_that_was_sent() -> None:
    assert seen_at_server(hello_lost("client", "server").subject()).answer is Reached.BARE_ACK


def test_the_handshakes_ack_where_nobody_saw_whether_data_was_sent() -> None:
    network = Network("server")
    half_open(network.talk(), last="server", size=0)
    network.idle(12_000)
    assert seen_at_server(network.subject()).answer is Reached.ACK_ONLY


def test_all_data_or_some() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    assert seen_at_server(network.subject()).answer is Reached.DATA
    some = Network("client", "server")
    talk = some.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "A", 1460, seq=1, lost="client")
    talk.there(42, "PA", 100, seq=1461)
    talk.back(62, "A", ack=1)
    some.idle(9000)
    fact = seen_at_server(some.subject())
    assert fact.answer is Reached.SOME_DATA
    assert "1460 bytes" in fact.says


def test_holes_show_at_the_server_without_a_senders_capture() -> None:
    network = Network("server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.there(43, "PA", 100, seq=1561)
    talk.back(62, "A", ack=101)
    network.idle(9000)
    assert seen_at_server(network.subject()).answer is Reached.SOME_DATA


def test_nothing_is_absence_only_where_the_server_saw_these_hosts_meanwhile() -> None:
    network = Network("client", "server")
    talk = network.talk(start=500)
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S", lost="client")
    network.idle(9000)
    assert isinstance(seen_at_server(network.subject()).answer, Unknown)
    worked(network.talk(start=0))
    worked(network.talk(start=8000))
    fact = seen_at_server(network.subject())
    assert fact.answer is Reached.NOTHING
    assert fact.sure


def test_without_a_server_capture_or_a_failure_nothing_is_known() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert isinstance(seen_at_server(network.subject()).answer, Unknown)
    healthy = Network("client", "server")
    worked(healthy.talk())
    assert isinstance(seen_at_server(healthy.subject()).answer, Unknown)
    assert isinstance(place_of_loss(healthy.subject()).answer, Unknown)


# --- the ACK's fate ---


def test_an_ack_that_arrived_at_the_server_arrives() -> None:
    assert ack_fate(hello_lost("client", "server").subject()).answer is AckFate.ARRIVES


def test_every_ack_lost_on_one_stretch() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    network.idle(8000)
    fact = ack_fate(network.subject())
    assert fact.answer is AckFate.LOST
    assert "SYN 1 of 1, ACK 0 of" in fact.says
    assert fact.sure


def test_without_a_second_observer_no_fate_is_known() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert isinstance(ack_fate(network.subject()).answer, Unknown)


# --- where ---


def test_entered_a_device_and_did_not_leave_it() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    fact = place_of_loss(network.subject())
    assert fact.answer is Lost.AT_DEVICE
    assert fact.says.startswith("from firewall-inside to firewall-outside")


def test_between_the_two_ends_somewhere_on_the_path() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    assert place_of_loss(network.subject()).answer is Lost.ON_PATH


def test_what_the_server_ignores_was_not_lost_on_the_way() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    assert place_of_loss(network.subject()).answer is Lost.AT_SERVER


def test_syns_that_the_server_ignores_are_not_packets_after_the_syn() -> None:
    network = Network("client", "server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_a_client_capture_without_any_packet_of_the_way_back_proves_no_loss_there() -> None:
    network = Network("client", "server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA", lost="server")
    network.idle(9000)
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_data_that_leaves_the_server_and_never_arrives_is_lost_on_the_way_back() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    for ms in RTO:
        talk.back(ms + 60, "PA", 300, seq=1, lost="server")
    network.idle(9000)
    fact = place_of_loss(network.subject())
    assert fact.answer is Lost.ON_WAY_BACK
    assert fact.way is Way.BACK


def test_a_capture_that_ended_earlier_proves_no_loss() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in (20_000, 20_250, 20_700, 21_500, 23_100, 26_300):
        talk.there(ms, "PA", 100, seq=1, lost="client")
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_loss_that_repeats_repaired_is_no_place_of_loss() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.there(250, "PA", 100, seq=1)
    talk.back(270, "A", ack=101)
    network.idle(9000)
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_a_server_capture_of_the_way_back_alone_shows_nothing_of_the_clients() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", unseen=["server"])
    for ms in (20, 1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, ack=1)
        talk.there(ms + 20, "A", ack=1, unseen=["server"])
    assert "nothing that the client sent" in getattr(seen_at_server(network.subject()).answer, "why", "")


# --- captures that hold less than passed them ---


def unrecorded_at_server() -> Network:
    """A request that the server answers with nothing; of the client's packets its capture holds the SYN alone."""
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", unseen=["server"])
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, unseen=["server"])
    return network


def test_a_capture_that_ended_after_the_syn_is_no_sure_word_on_what_followed() -> None:
    network = unrecorded_at_server()
    assert not seen_at_server(network.subject()).sure
    assert not place_of_loss(network.subject()).sure
    network.idle(20_000)
    assert seen_at_server(network.subject()).sure
    assert place_of_loss(network.subject()).sure


def test_a_request_made_after_the_servers_capture_ended_is_not_missing_there() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(60_000 + ms, "PA", 100, seq=1, unseen=["server"])
    assert isinstance(seen_at_server(network.subject()).answer, Unknown)


def test_a_server_whose_own_packets_are_not_captured_may_have_answered() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["server"])
    talk.there(40, "A")
    talk.there(41, "PA", 100)
    talk.back(60, "A", unseen=["server"])
    network.idle(9000)
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_what_reached_the_servers_host_last_may_still_be_answered() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    for ms in RTO[1:]:
        talk.there(ms, "PA", 100, seq=1, unseen=["server"])
    assert isinstance(place_of_loss(network.subject()).answer, Unknown)


def test_acks_are_not_lost_where_data_passes_which_carries_the_same_bit() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", lost="client")
    talk.there(41, "PA", 100)
    talk.back(61, "A", lost="server")
    talk.there(500, "A", lost="client")
    network.idle(9000)
    assert ack_fate(network.subject()).answer is not AckFate.LOST


def test_bytes_that_the_server_acknowledged_arrived_though_its_capture_missed_them() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "A", 1000, unseen=["server"])
    talk.there(42, "PA", 100)
    talk.back(62, "A")
    network.idle(9000)
    assert seen_at_server(network.subject()).answer is Reached.DATA


def test_data_that_the_server_acknowledged_is_not_absent_because_its_capture_missed_it() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, unseen=["server"])
    talk.back(62, "A")
    network.idle(9000)
    assert isinstance(seen_at_server(network.subject()).answer, Unknown)


def test_a_server_that_went_on_took_an_ack_though_its_capture_shows_the_syn_alone() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", unseen=["server"])
    for ms in RTO:
        talk.back(ms, "PA", 10, seq=1, lost="server")
    network.idle(12_000)
    assert isinstance(seen_at_server(network.subject(exemplars=network.exchanges())).answer, Unknown)


def test_a_server_that_another_observer_saw_go_on_ignored_nothing() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
    network.idle(12_000)
    assert place_of_loss(network.subject()).answer is Lost.AT_SERVER
    talk.back(60, "PA", 10, seq=1, ack=1, unseen=["server"])
    assert isinstance(place_of_loss(network.subject(exemplars=network.exchanges())).answer, Unknown)


def test_a_client_that_resets_waits_for_nothing() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.there(44, "R", seq=1)
    network.idle(9000)
    assert isinstance(place_of_loss(network.subject(exemplars=network.exchanges())).answer, Unknown)
