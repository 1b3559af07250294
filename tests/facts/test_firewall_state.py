from msgspec.structs import replace

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import Change
from bothways.facts.firewall_state import Remembered, firewall_state
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open
from tests.helpers.surroundings import session, sessions

INSIDE = ("firewall-inside", "firewall-outside")
PUBLIC = Endpoint("203.0.113.7", 61_000)


def bypassed(*vantages: str) -> Network:
    network = Network(*(vantages or ("client",)))
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    return network


def test_no_reply_though_the_client_acknowledges_one_passed_elsewhere() -> None:
    network = bypassed("firewall-inside", "client")
    fact = firewall_state(
        network.subject(sessions=(sessions(session(), session(ms=9000, line=2, change=Change.DESTROY)),))
    )
    assert fact.answer is Remembered.BYPASSED
    assert "sequence number" in fact.says
    assert "arrive at" in fact.says
    assert {cite.file for cite in fact.cites} == {"firewall.conntrack.txt", "firewall-inside.pcap"}


def test_from_the_clients_side_alone_the_acks_are_sent_through_it() -> None:
    fact = firewall_state(bypassed().subject(sessions=(sessions(session(), session(ms=9000, change=Change.DESTROY)),)))
    assert fact.answer is Remembered.BYPASSED
    assert "sent through" in fact.says


def test_a_listing_without_times_was_printed_by_somebody_who_looked_later() -> None:
    listing = sessions(session(ms=None, change=Change.LISTED), events=False)
    assert firewall_state(bypassed().subject(sessions=(listing,))).answer is Remembered.BYPASSED


def test_records_that_ended_before_the_ack_do_not_show_a_missing_reply() -> None:
    network = Network("client")
    half_open(network.talk(start=60_000), last="client")
    fact = firewall_state(
        network.subject(sessions=(sessions(session(ms=0), session(protocol="udp", change=Change.UPDATE)),))
    )
    assert fact.answer is Remembered.UNREPLIED


def test_a_client_that_acknowledged_nothing_leaves_open_whether_there_was_a_reply() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S", lost="client")
    fact = firewall_state(network.subject(sessions=(sessions(session(), session(ms=9000, change=Change.DESTROY)),)))
    assert fact.answer is Remembered.UNREPLIED


def test_one_record_of_both_ways_is_enough() -> None:
    records = sessions(session(), session("SYN_RECV", ms=20, unreplied=False, change=Change.UPDATE))
    fact = firewall_state(bypassed().subject(sessions=(records,)))
    assert fact.answer is Remembered.REPLIED
    assert "SYN_RECV" in fact.says


def test_a_record_under_a_translated_address_is_this_connections() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.translated = {"server": PUBLIC}
    half_open(talk, last="client")
    records = sessions(session("ESTABLISHED", unreplied=False, client=PUBLIC))
    assert firewall_state(network.subject(sessions=(records,))).answer is Remembered.REPLIED


def test_a_record_between_two_translators_bears_one_end_of_each_side() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.translated = {"server": PUBLIC}
    half_open(talk, last="client")
    subject = network.subject()
    (exchange,) = subject.exemplars
    service = Endpoint("198.51.100.9", 443)
    first = replace(exchange.seen[0], sides=replace(exchange.seen[0].sides, server=service))
    known = replace(exchange, seen=(first, *exchange.seen[1:]))
    records = sessions(session("ESTABLISHED", unreplied=False, client=exchange.client))
    assert firewall_state(replace(subject, exemplars=(known,), sessions=(records,))).answer is Remembered.REPLIED


def test_no_entry_needs_a_log_that_ran_before_and_after() -> None:
    network = Network("client")
    half_open(network.talk(start=5000), last="client")
    other = Endpoint("10.0.0.9", 7)
    around = sessions(session(ms=0, client=other), session(ms=9000, client=other))
    assert firewall_state(network.subject(sessions=(around,))).answer is Remembered.NO_ENTRY
    before = sessions(session(ms=0, client=other), session(ms=10, client=other))
    assert isinstance(firewall_state(network.subject(sessions=(before,))).answer, Unknown)
    untimed = sessions(session(ms=None, client=other))
    assert isinstance(firewall_state(network.subject(sessions=(untimed,))).answer, Unknown)


def test_a_udp_record_of_the_same_ends_is_no_record_of_it() -> None:
    fact = firewall_state(bypassed().subject(sessions=(sessions(session(protocol="udp", unreplied=False)),)))
    assert fact.answer is not Remembered.REPLIED


def test_without_records_nothing_is_known() -> None:
    assert isinstance(firewall_state(bypassed().subject()).answer, Unknown)


def test_without_captures_the_table_speaks_of_the_address() -> None:
    nobody = Network("client")
    replied = sessions(session(), session("ESTABLISHED", unreplied=False))
    waiting = sessions(session(), session(protocol="udp", change=Change.UPDATE))
    assert firewall_state(nobody.subject(sessions=(replied,))).answer is Remembered.REPLIED
    assert firewall_state(nobody.subject(sessions=(waiting,))).answer is Remembered.UNREPLIED
    elsewhere = sessions(session(server=Endpoint("192.0.2.9", 443)))
    assert isinstance(firewall_state(nobody.subject(sessions=(elsewhere,))).answer, Unknown)


def test_one_connection_that_was_seen_both_ways_disputes_the_others() -> None:
    network = Network("client")
    for number in range(2):
        half_open(network.talk(start=number * 100), last="client")
    records = sessions(
        session(),
        session(ms=9000, change=Change.DESTROY),
        session("ESTABLISHED", unreplied=False, client=Endpoint("10.0.0.1", 40_001)),
    )
    assert isinstance(firewall_state(network.subject(sessions=(records,))).answer, Unknown)


def test_the_line_of_the_record_is_cited() -> None:
    records = replace(sessions(session(), session(ms=9000, change=Change.DESTROY)), file="other.conntrack")
    fact = firewall_state(bypassed().subject(sessions=(records,)))
    assert (fact.cites[0].file, fact.cites[0].line) == ("other.conntrack", 1)


def test_an_ack_of_another_number_than_the_servers_proves_no_reply() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    for ms in (20, 1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, ack=1)
        talk.there(ms + 20, "A", ack=700)
    fact = firewall_state(network.subject(sessions=(sessions(session(), session(ms=9000, change=Change.DESTROY)),)))
    assert fact.answer is Remembered.UNREPLIED


def test_a_log_of_new_entries_only_would_not_show_a_reply() -> None:
    only_new = sessions(session(), session(ms=9000))
    assert isinstance(firewall_state(bypassed().subject(sessions=(only_new,))).answer, Unknown)
    assert isinstance(firewall_state(Network("client").subject(sessions=(only_new,))).answer, Unknown)


def test_captures_at_the_firewall_show_that_the_reply_passed_elsewhere_whatever_the_log_holds() -> None:
    only_new = sessions(session(), session(ms=9000))
    fact = firewall_state(bypassed("firewall-inside").subject(sessions=(only_new,)))
    assert fact.answer is Remembered.BYPASSED


def test_an_entry_that_ended_before_the_last_data_was_forgotten() -> None:
    network = Network("firewall-inside", "client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(80, "PA", 300)
    talk.there(100, "A")
    for ms in (9_000, 9_200, 9_700, 11_000, 13_500):
        talk.there(ms, "PA", 50, seq=201, lost="firewall-inside")
    made = session("ESTABLISHED", ms=60, unreplied=False, change=Change.UPDATE)
    ended = replace(made, change=Change.DESTROY, at=session(ms=6_000).at)
    fact = firewall_state(network.subject(sessions=(sessions(session(), made, ended),)))
    assert fact.answer is Remembered.FORGOTTEN
    assert fact.sure
    again = session(ms=7_000)
    kept = firewall_state(network.subject(sessions=(sessions(session(), made, ended, again),)))
    assert kept.answer is Remembered.REPLIED


def test_records_from_before_the_connection_are_an_older_ones() -> None:
    network = Network("firewall-inside", "client")
    talk = network.talk(start=20_000)
    for ms in (0, 1_000, 3_000, 7_000):
        talk.there(ms, "S", lost="firewall-inside")
    old = session("ESTABLISHED", ms=60, unreplied=False, change=Change.UPDATE)
    other = session(ms=40_000, client=Endpoint("10.0.0.9", 7))
    assert firewall_state(network.subject(sessions=(sessions(session(), old, other),))).answer is Remembered.OLDER
