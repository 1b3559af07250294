from msgspec.structs import replace

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.facts.ways import Stands, Trace, firewall_of, firewall_on_ways, firewalls, trace_there
from bothways.paths.stateful import Rests
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


def bare_names(given: PathReport) -> PathReport:
    """The same report by a resolver that leaves out the domains."""
    hops = (
        replace(hop, replies=tuple(replace(one, name=one.name and one.name.partition(".")[0]) for one in hop.replies))
        for hop in given.hops
    )
    return replace(given, hops=tuple(hops))


def test_absence_from_the_way_back_is_proven_by_a_control_that_shows_the_device() -> None:
    assert stands(there(OUT), back(AROUND), control_back(THROUGH)) is Stands.THERE_ONLY


def test_without_a_control_it_is_only_not_seen() -> None:
    assert "nothing shows" in why(there(OUT), back(AROUND))


def test_a_control_that_does_not_show_the_device_proves_nothing() -> None:
    assert "nothing shows" in why(there(OUT), back(AROUND), control_back(AROUND))


def test_a_silent_hop_could_hide_it() -> None:
    hidden = "isp2=10.0.7.1 ? gw=10.0.0.254 10.0.0.1"
    assert "1 silent hop " in why(there(OUT), back(hidden), control_back(THROUGH))


def test_what_keeps_silent_in_one_report_and_answers_in_another_hides_nothing() -> None:
    hidden = "isp2=10.0.7.1 ? gw=10.0.0.254 10.0.0.1"
    assert stands(there(OUT), back(AROUND), back(hidden), control_back(THROUGH)) is Stands.THERE_ONLY


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


def test_all_reasons_for_one_hop_are_kept_the_strongest_first() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    reports = paths(there(OUT.replace("guard=", "fw=")))
    found = firewalls(network.subject(paths=reports, sessions=(sessions(session()),), firewalls=("10.0.2.1",)))
    assert [reason.rests for reason in found[0].recognitions] == [Rests.WORD, Rests.STATE, Rests.NAME]
    assert len(found) == 1


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


# --- which silent hops can hide it ---

FAR = "gw=10.0.0.254 edge=10.0.1.1 guard=10.0.2.1 isp=10.0.3.1 far=10.0.4.1 192.0.2.2"
FAR_AROUND = "far=10.0.4.9 isp=10.0.3.9 edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
FAR_THROUGH = "other=10.0.9.1 isp=10.0.3.9 guard=10.0.2.9 edge=10.0.1.9 gw=10.0.0.254 10.0.0.1"


def test_a_silent_hop_beyond_the_routers_around_it_hides_nothing() -> None:
    silent = FAR_AROUND.replace("far=10.0.4.9", "?")
    assert stands(there(FAR), back(silent), control_back(FAR_THROUGH)) is Stands.THERE_ONLY


def test_it_is_told_that_the_silent_hops_lie_elsewhere() -> None:
    silent = FAR_AROUND.replace("far=10.0.4.9", "?")
    reports = paths(there(FAR), back(silent), control_back(FAR_THROUGH))
    fact = firewall_on_ways(Network("client").subject(paths=reports, firewalls=("guard",)))
    assert "the silent hop of that way lies elsewhere" in fact.says


def test_a_silent_hop_between_the_routers_around_it_could_hide_it() -> None:
    silent = "far=10.0.4.9 isp=10.0.3.9 ? edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
    assert "1 silent hop between isp and edge" in why(there(FAR), back(silent), control_back(FAR_THROUGH))


def test_what_no_report_lists_is_as_good_as_silent() -> None:
    listed = back(FAR_AROUND)
    hops = tuple(hop if hop.index < 3 else replace(hop, index=hop.index + 1) for hop in listed.report.hops)
    gap = replace(listed, report=replace(listed.report, hops=hops))
    assert "1 silent hop between isp and edge" in why(there(FAR), gap, control_back(FAR_THROUGH))


def test_a_report_that_ends_beyond_the_routers_around_it_shows_enough() -> None:
    ended = "far=10.0.4.9 isp=10.0.3.9 edge=10.0.6.1 ? ?"
    assert stands(there(FAR), back(ended), control_back(FAR_THROUGH)) is Stands.THERE_ONLY


def test_the_control_way_can_make_the_stretch_longer() -> None:
    """On its way it meets the device in another place: between `other` and `far`."""
    silent = "other=10.0.9.1 ? far=10.0.4.9 isp=10.0.3.9 edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
    through = "other=10.0.9.1 guard=10.0.2.9 far=10.0.4.9 isp=10.0.3.9 edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
    assert "1 silent hop between other and edge" in why(there(FAR), back(silent), control_back(through))


def test_a_hop_without_a_name_could_be_it_under_another_address() -> None:
    nameless = "far=10.0.4.9 isp=10.0.3.9 10.0.8.1 edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
    assert "10.0.8.1 could be it" in why(there(FAR), back(nameless), control_back(FAR_THROUGH))


def test_without_a_control_two_ends_of_one_link_leave_no_room() -> None:
    """What `edge` answers from on the way there and `isp` on the way back lies in one /30."""
    linked = FAR_AROUND.replace("isp=10.0.3.9", "isp=10.0.6.2")
    assert stands(there(FAR), back(linked)) is Stands.THERE_ONLY
    assert "nothing shows" in why(there(FAR), back(FAR_AROUND))


# --- known by another name or address ---


def test_an_interface_of_another_name_is_the_same_device() -> None:
    out = "gw=10.0.0.254 eth0.guard.a.example=10.0.2.1 isp=10.0.3.1 192.0.2.2"
    home = "isp=10.0.3.9 eth1.guard.a.example=10.0.2.9 gw=10.0.0.254 10.0.0.1"
    assert stands(there(out), back(home), firewalls=("10.0.2.1",)) is Stands.BOTH


def test_on_a_controls_way_it_is_known_by_what_its_way_there_calls_it() -> None:
    """The control's way back gives another address; the control's way there links it by the interface's name."""
    out = "gw=10.0.0.254 eth0.guard.a.example=10.0.2.1 isp=10.0.3.1 192.0.2.2"
    home = "isp=10.0.3.9 gw=10.0.0.254 10.0.0.1"
    control = "isp=10.0.3.9 eth1.guard.a.example=10.0.2.9 gw=10.0.0.254 10.0.0.1"
    assert stands(there(out), back(home), control_back(control), firewalls=("10.0.2.1",)) is Stands.THERE_ONLY


def test_known_from_a_controls_ways_only_it_is_proven_to_stand_on_neither() -> None:
    control_out = replace(control_back(OUT), role=replace(control_back(OUT).role, way=there(OUT).role.way))
    around = "gw=10.0.0.254 edge2=10.0.6.1 isp=10.0.3.1 192.0.2.2"
    home = "isp=10.0.3.9 edge2=10.0.6.9 gw=10.0.0.254 10.0.0.1"
    through = "isp=10.0.3.9 guard=10.0.2.1 gw=10.0.0.254 10.0.0.1"
    assert stands(there(around), back(home), control_back(through), control_out) is Stands.NEITHER
    assert "nothing shows" in why(there(around), back(home), control_back(through))


def test_what_stands_in_its_place_without_a_name_may_be_it() -> None:
    out = "gw.a.example guard.a.example=10.0.2.1 edge.a.example isp.b.example 192.0.2.2"
    home = "isp.b.example edge.a.example 10.0.8.1 gw.a.example 10.0.0.1"
    assert "10.0.8.1" in why(there(out), back(home), firewalls=("10.0.2.1",))


# --- namesakes, ends, and several devices ---

CAMPUS = "gw.c.example=198.18.0.1 core.c.example=198.18.1.1 fw.c.example=198.18.2.1 x.a.example=198.51.100.1 192.0.2.2"
CAMPUS_THROUGH = (
    "x.a.example=198.51.100.9 fw.c.example=198.51.100.14 core.c.example=198.18.3.1 gw.c.example=198.18.1.9 10.0.0.1"
)


def test_a_private_address_at_both_ends_is_no_device_of_both_ways() -> None:
    out = "192.168.1.1 a.b.example=198.51.100.1 c.d.example=203.0.113.1 192.0.2.2"
    home = "192.168.1.1 c.d.example=203.0.113.2 e.b.example=198.51.101.1 10.0.0.1"
    assert "both called 192.168.1.1" in why(there(out), back(home), firewalls=("192.168.1.1",))
    nothing_shared = "192.168.1.1 e.b.example=198.51.101.1 10.0.0.1"
    assert "both called 192.168.1.1" in why(there(out), back(nothing_shared), firewalls=("192.168.1.1",))


def test_a_name_that_a_replaced_device_left_to_another_place_is_no_device_of_both_ways() -> None:
    home = (
        "fw.c.example=203.0.113.9 x.a.example=198.51.100.9 core.c.example=198.18.3.1 gw.c.example=198.18.1.9 10.0.0.1"
    )
    assert "both called fw.c.example" in why(there(CAMPUS), back(home), firewalls=("198.18.2.1",))


def test_a_namesake_on_a_controls_way_proves_no_absence() -> None:
    home = (
        "y.b.example=198.51.101.9 border.c.example=198.18.7.1 core.c.example=198.18.3.1 gw.c.example=198.18.1.9"
        " 10.0.0.1"
    )
    namesake = "fw.c.example=203.0.113.9 " + CAMPUS_THROUGH.replace("fw.c.example=198.51.100.14 ", "")
    assert "nothing shows" in why(there(CAMPUS), back(home), control_back(namesake), firewalls=("198.18.2.1",))
    assert stands(there(CAMPUS), back(home), control_back(CAMPUS_THROUGH), firewalls=("198.18.2.1",)) is (
        Stands.THERE_ONLY
    )


def test_that_a_device_answers_as_the_end_of_a_controls_way_proves_no_absence() -> None:
    assert "nothing shows" in why(there(OUT), back(AROUND), control_back("isp=10.0.3.9 guard=10.0.2.1"))


def test_a_device_with_two_uplinks_may_bear_the_name_that_the_other_provider_gave_its_link() -> None:
    home = (
        "y.b.example=198.51.101.1 campus.b.example=198.51.101.6 core.c.example=198.18.3.1 gw.c.example=198.18.1.9"
        " 10.0.0.1"
    )
    reports = (there(CAMPUS), back(home), control_back(CAMPUS_THROUGH))
    assert "campus.b.example could be it" in why(*reports, firewalls=("fw.c.example",))
    bare = [replace(one, report=bare_names(one.report)) for one in reports]
    assert stands(*bare, firewalls=("fw",)) is Stands.THERE_ONLY


def test_an_interface_whose_name_holds_the_devices_may_be_the_device() -> None:
    home = "isp2=10.0.7.1 guard-b=10.0.6.1 gw=10.0.0.254 10.0.0.1"
    assert "guard-b could be it" in why(there(OUT), back(home), control_back(THROUGH))


def test_a_device_that_shares_its_distance_is_not_surely_passed() -> None:
    shared = THROUGH.replace("guard=10.0.2.1", "guard=10.0.2.1|other=10.0.2.5")
    assert "a connection passes either" in why(there(OUT), back(shared))


def test_of_several_devices_that_stand_otherwise_none_is_taken_for_the_one_that_fails() -> None:
    through = THROUGH.replace("guard=10.0.2.1", "guard=10.0.2.1 edge=10.0.1.9")
    reports = (there(OUT), back(AROUND.replace("edge2=10.0.6.1", "edge=10.0.1.9")), control_back(through))
    assert "edge (both) and guard (there-only)" in why(*reports, firewalls=("edge", "guard"))
    assert stands(*reports) is Stands.THERE_ONLY


def test_routers_hidden_in_a_tunnel_of_the_stretch_leave_an_absence_open() -> None:
    seen = back(AROUND)
    zero = QuotedProbe(ttl=0)
    hops = list(seen.report.hops)
    hops[2] = replace(hops[2], replies=(replace(hops[2].replies[0], quoted=zero),))
    hidden = replace(seen, report=replace(seen.report, hops=tuple(hops)))
    assert "right before gw" in why(there(OUT), hidden, control_back(THROUGH))


def test_a_name_that_many_routers_of_a_way_bear_is_no_device_of_both_ways() -> None:
    out = "static.a.example=198.51.100.1 static.a.example=198.51.100.2 192.0.2.2"
    home = "static.a.example=198.51.100.9 static.a.example=198.51.100.10 10.0.0.1"
    assert "both called static.a.example" in why(there(out), back(home), firewalls=("198.51.100.1",))
