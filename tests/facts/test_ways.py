from dataclasses import replace

from bothways.evidence.path_report import Hop
from bothways.facts.ways import Stands, Trace, firewall_of, firewall_on_ways, trace_there
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open
from tests.helpers.surroundings import back, control_back, paths, report, session, sessions, there

INSIDE = ("firewall-inside", "firewall-outside")
OUT = "gw=10.0.0.254 edge=10.0.1.1 guard=10.0.2.1 isp=10.0.3.1 192.0.2.2"
AROUND = "isp2=10.0.7.1 edge2=10.0.6.1 gw=10.0.0.254 10.0.0.1"
THROUGH = "isp=10.0.3.9 guard=10.0.2.1 gw=10.0.0.254 10.0.0.1"


def stands(*reports: object, firewalls: tuple[str, ...] = ("guard",)) -> object:
    return firewall_on_ways(
        Network("client").subject(paths=paths(*reports), firewalls=firewalls)  # type: ignore[arg-type] # all evidence
    ).answer


def why(*reports: object, firewalls: tuple[str, ...] = ("guard",)) -> str:
    answer = stands(*reports, firewalls=firewalls)
    assert isinstance(answer, Unknown)
    return answer.why


def test_absence_from_the_way_back_is_proven_by_a_control_that_shows_the_device() -> None:
    assert stands(there(OUT), back(AROUND), control_back(THROUGH)) is Stands.THERE_ONLY


def test_without_a_control_it_is_only_not_seen() -> None:
    assert "nothing shows" in why(there(OUT), back(AROUND))


def test_a_control_that_does_not_show_the_device_proves_nothing() -> None:
    assert "nothing shows" in why(there(OUT), back(AROUND), control_back(AROUND))


def test_a_silent_hop_could_hide_it() -> None:
    hidden = "isp2=10.0.7.1 ? gw=10.0.0.254 10.0.0.1"
    assert "1 silent hops" in why(there(OUT), back(hidden), control_back(THROUGH))


def test_a_second_report_with_a_silent_hop_spoils_the_proof() -> None:
    hidden = "isp2=10.0.7.1 ? gw=10.0.0.254 10.0.0.1"
    assert "silent" in why(there(OUT), back(AROUND), back(hidden), control_back(THROUGH))


def test_on_both_ways_by_address_whatever_its_names() -> None:
    assert stands(there(OUT), back(THROUGH.replace("guard=", "other="))) is Stands.BOTH


def test_the_mirror_image_is_back_only() -> None:
    control_out = replace(control_back(OUT), role=replace(control_back(OUT).role, way=there(OUT).role.way))
    around = AROUND.removesuffix("10.0.0.1") + "192.0.2.2"
    assert stands(there(around), back(THROUGH), control_out) is Stands.BACK_ONLY


def test_it_takes_reports_of_both_ways() -> None:
    assert "the way there" in why(back(AROUND))
    assert "the way back" in why(there(OUT))


def test_without_a_known_device_the_user_is_asked() -> None:
    assert "--firewall" in why(there(OUT), back(AROUND), firewalls=())


def test_a_device_that_stands_on_no_way_of_the_case_is_said_so() -> None:
    assert "no reported way" in why(there(AROUND), back(AROUND), control_back(THROUGH))


def test_the_users_word_settles_and_a_mere_name_does_not() -> None:
    named = [part.replace("guard=", "fw-1=") for part in (OUT, AROUND, THROUGH)]
    reports = paths(there(named[0]), back(named[1]), control_back(named[2]))
    by_name = firewall_on_ways(Network("client").subject(paths=reports))
    assert by_name.answer is Stands.THERE_ONLY
    assert not by_name.settles
    assert not by_name.sure
    by_word = firewall_on_ways(Network("client").subject(paths=reports, firewalls=("10.0.2.1",)))
    assert by_word.settles
    assert "you said so" in by_word.says


def test_packets_that_enter_a_device_and_do_not_leave_it_point_to_its_hop() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    reports = paths(there(OUT), back(AROUND), control_back(THROUGH))
    subject = network.subject(paths=reports, sessions=(sessions(session()),))
    firewall = firewall_of(subject)
    assert firewall is not None
    assert (firewall.index, firewall.by_name_only) == (3, False)
    assert firewall_on_ways(subject).answer is Stands.THERE_ONLY
    assert firewall_on_ways(subject).settles


def test_without_state_records_a_loss_at_a_device_makes_it_no_firewall() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    assert firewall_of(network.subject(paths=paths(there(OUT)))) is None


def test_one_report_names_it_and_another_gives_its_address() -> None:
    by_names = there("gw edge guard isp a.example")
    by_addresses = there("10.0.0.254 10.0.1.1 10.0.2.1 10.0.3.1 192.0.2.2")
    assert (
        stands(by_names, by_addresses, back(AROUND), control_back(THROUGH.replace("guard=", ""))) is Stands.THERE_ONLY
    )


def test_both_ends_of_the_missing_way_and_the_control_are_cited() -> None:
    subject = Network("client").subject(
        paths=paths(there(OUT), back(AROUND), control_back(THROUGH)), firewalls=("guard",)
    )
    files = [cite.file for cite in firewall_on_ways(subject).cites]
    assert files == ["outbound.mtr.txt", "inbound.mtr.txt", "control-inbound.mtr.txt"]


# --- traces ---


def test_a_report_that_ends_at_the_server_reaches_it() -> None:
    fact = trace_there(Network("client").subject(paths=paths(there("gw ?"), there(OUT))))
    assert fact.answer is Trace.REACHES
    assert not fact.settles


def test_a_report_that_ends_at_a_router_stops_there() -> None:
    fact = trace_there(Network("client").subject(paths=paths(there("gw=10.0.0.254 edge=10.0.1.1 ?"))))
    assert fact.answer is Trace.STOPS
    assert "hop 2, edge" in fact.says


def test_where_nobody_answers_it_stops_at_once() -> None:
    silent = Hop(index=1, line=3, replies=(), sent=10, loss=1.0)
    evidence = replace(there("?"), report=replace(report("?"), hops=(silent,)))
    fact = trace_there(Network("client").subject(paths=paths(evidence)))
    assert fact.answer is Trace.STOPS
    assert fact.says == "no hop answers"


def test_controls_and_reports_that_do_not_tell_are_no_witness() -> None:
    assert isinstance(trace_there(Network("client").subject(paths=paths(control_back(OUT)))).answer, Unknown)
    assert isinstance(trace_there(Network("client").subject(paths=paths(there("")))).answer, Unknown)


def test_a_report_that_ends_early_does_not_show_what_stands_beyond_its_end() -> None:
    assert "ends before" in why(there(OUT), back("isp2=10.0.7.1 edge2=10.0.6.1 ? ?"), control_back(THROUGH))


def test_a_trace_that_ends_early_spoils_nothing_where_another_report_shows_how_its_way_goes_on() -> None:
    short = back("isp2=10.0.7.1 edge2=10.0.6.1 ? ?")
    assert stands(there(OUT), back(AROUND), short, control_back(THROUGH)) is Stands.THERE_ONLY
    other = back("isp2=10.0.7.1 another=10.0.8.1 ? ?")
    assert "ends before" in why(there(OUT), back(AROUND), other, control_back(THROUGH))
