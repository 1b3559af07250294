from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.evidence.path_report import Hop, HopReply
from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.paths.course import Course, courses_of, present
from bothways.paths.forms import Apart
from bothways.paths.merging import key_of, responders
from bothways.paths.model import Path
from bothways.units import Instant
from bothways.way import Way
from tests.helpers.network import SERVER
from tests.helpers.surroundings import back, control_back, paths, report, there


def courses(*reports: PathEvidence) -> tuple[Course, ...]:
    return courses_of(paths(*reports))


def course(*reports: PathEvidence) -> Course:
    (only,) = courses(*reports)
    return only


def runs(*hops: str, **more: object) -> list[PathEvidence]:
    """Runs of one file, one after the other."""
    return [there(line, line=number * 100 + 1, **more) for number, line in enumerate(hops)]


def said(found: Course) -> list[str]:
    return ["|".join(f"{one.name or ''}={one.address or ''}" for one in station.replies) for station in found.stations]


def test_a_name_and_an_address_that_a_third_report_prints_side_by_side_are_one_responder() -> None:
    found = course(there("a b ?"), there("10.0.0.1 10.0.0.2 ?"), there("a=10.0.0.1 ? ?"))
    assert said(found)[0] == "a=10.0.0.1"


def test_one_responder_each_in_reports_that_agree_elsewhere_is_one() -> None:
    found = course(there("a=10.0.0.1 b"), there("a=10.0.0.1 10.0.0.2"))
    assert said(found) == ["a=10.0.0.1", "b=10.0.0.2"]


def test_a_whole_report_of_names_and_one_of_addresses_that_are_silent_alike_are_one_way() -> None:
    assert said(course(there("a ? b c"), there("10.0.0.1 ? 10.0.0.2 10.0.0.3"))) == [
        "a=10.0.0.1",
        "",
        "b=10.0.0.2",
        "c=10.0.0.3",
    ]
    for others in (("a ? b c", "10.0.0.1 10.0.0.9 10.0.0.2 10.0.0.3"), ("a b", "10.0.0.1 10.0.0.2")):
        assert set(said(course(*runs(*others)))[0].split("|")) == {"a=", "=10.0.0.1"}


def test_where_a_distance_has_two_responders_a_name_and_an_address_stay_apart() -> None:
    found = course(there("a=10.0.0.1 b"), there("a=10.0.0.1 10.0.0.2"), there("a=10.0.0.1 10.0.0.3"))
    assert len(found.stations[1].replies) == 3
    assert found.stations[1].shared


def test_a_forked_neighbour_is_no_agreement() -> None:
    found = course(there("a=10.0.0.1 b"), there("c=10.0.0.4 10.0.0.2"))
    assert said(found)[1] == "b=|=10.0.0.2"
    assert not found.stations[1].shared


def test_one_name_with_two_addresses_stays_two_replies_and_so_does_the_name_alone() -> None:
    found = course(there("core=10.0.0.1"), there("core=10.0.0.2"), there("core"))
    assert len(found.stations[0].replies) == 3


def test_a_names_letter_case_is_no_difference() -> None:
    assert len(course(there("Core=10.0.0.1"), there("core=10.0.0.1")).stations[0].replies) == 1


def with_reply(hops: str, **what: object) -> PathEvidence:
    made = report(hops)
    first = made.hops[0]
    hop = replace(first, replies=(replace(first.replies[0], **what),))
    return replace(there(hops), report=replace(made, hops=(hop, *made.hops[1:])))


def test_a_responder_has_what_any_run_tells_of_it_and_only_what_they_tell_alike() -> None:
    label = Label(value=16001)
    one = with_reply("a=10.0.0.1", back=3, reply_ttl=62, networks=(64500,), quoted=QuotedProbe(ttl=1, ip_id=7))
    other = with_reply("a", networks=(64499,), labels=(label,), quoted=QuotedProbe(ttl=1, ip_id=8), reply_ttl=61)
    (only,) = course(one, other).stations[0].replies
    assert only.networks == (64499, 64500)
    assert only.labels == (label,)
    assert only.back == 3
    assert only.reply_ttl is None
    assert only.quoted == QuotedProbe(ttl=1)


def test_silence_in_some_runs_is_no_contradiction() -> None:
    found = course(*runs("a ? c", "a b ?", "? b c"))
    assert [station.label for station in found.stations] == ["a", "b", "c"]


def test_a_distance_that_no_report_lists_is_silence() -> None:
    made = report("a b c d")
    gap = replace(there("x"), report=replace(made, hops=(made.hops[1], made.hops[3])))
    found = course(gap)
    assert [station.silent for station in found.stations] == [True, False, True, False]
    assert found.stations[0].cites() == ()
    assert found.silent == 2


def test_two_routers_by_turns_are_one_course_with_both() -> None:
    found = course(*runs(*["a b d", "a c d"] * 4))
    assert found.apart is None
    assert [one.name for one in found.stations[1].replies] == ["b", "c"]


def test_a_way_that_changed_between_the_runs_is_two_courses_in_their_order() -> None:
    old, new = courses(*runs(*["a b d"] * 5, *["a c d"] * 5))
    assert (old.apart, new.apart) == (Apart.TIME, Apart.TIME)
    assert (old.stations[1].label, new.stations[1].label) == ("b", "c")
    assert present([old, new], Way.THERE) in {old, new}


def test_of_a_way_that_changed_the_last_course_is_the_present_one() -> None:
    hops = [*["a b d"] * 5, *["a c d"] * 5]
    reports = [there(line, started=Instant(number)) for number, line in enumerate(hops)]
    old, new = courses(*reversed(reports))
    assert (old.first, old.last, new.first, new.last) == (0, 4, 5, 9)
    assert present([old, new], Way.THERE) == new
    assert present([old, new], Way.BACK) is None


def test_too_few_runs_show_no_change() -> None:
    assert course(*runs("a b d", "a b d", "a c d", "a c d")).apart is None


def test_runs_of_two_files_without_a_time_have_no_order_and_show_no_change() -> None:
    reports = [there("a b d", file=f"{number}") for number in range(5)]
    assert course(*reports, *(there("a c d", file=f"{number}") for number in range(5, 10))).apart is None


def test_flows_that_were_tried_at_once_are_one_course() -> None:
    flows = [there(f"a {'b' if flow < 5 else 'c'} d", flow=str(flow), started=Instant(0)) for flow in range(10)]
    assert course(*flows).stations[1].shared


def test_ways_of_unequal_length_are_not_laid_on_each_other() -> None:
    short, long = courses(*runs("a b d", "a c e d"))
    assert (short.apart, long.apart) == (Apart.UNTOLD, Apart.UNTOLD)
    assert (len(short.stations), len(long.stations)) == (3, 4)
    by_turns = courses(*runs(*["a b d", "a c e d"] * 3))
    assert [found.apart for found in by_turns] == [Apart.TURNS, Apart.TURNS]
    changed = courses(*runs(*["a b d"] * 5, *["a c e d"] * 5))
    assert [found.apart for found in changed] == [Apart.TIME, Apart.TIME]


def test_the_course_of_tcp_probes_is_taken_where_ways_differ_by_turns() -> None:
    udp, tcp = courses(there("a b d", probe="udp"), there("a b d", probe="udp"), there("a c e d", probe="tcp-syn"))
    assert udp.probes == ("udp",)
    assert present([udp, tcp], Way.THERE) is tcp


def test_families_destinations_and_reporting_hosts_have_courses_of_their_own() -> None:
    addresses = ("192.0.2.2", "192.0.2.3", "2001:db8::2")
    ends = [{"destination": "a.example", "destination_address": one} for one in addresses]
    assert len(courses(*(there("a b", **end) for end in ends))) == 3
    assert len(courses(there("a b", source="one.example"), there("a b", source="two.example"))) == 2
    assert len(courses(there("a b", source="one.example"), there("a b", source="one"))) == 1
    either = [
        Path(report=report(hop), way=Way.THERE, control=False, reached=None) for hop in ("10.0.0.1", "2001:db8::1")
    ]
    assert len(courses_of(either)) == 2


def test_a_report_that_names_no_destination_joins_the_only_course_or_the_one_it_looks_like() -> None:
    first, other = (
        there(hops, destination="a.example", destination_address=to)
        for hops, to in (("a b", "192.0.2.2"), ("a c", "192.0.2.3"))
    )
    assert len(courses(first, there("a b"))) == 1
    (joined, _) = courses(first, other, there("a b"))
    assert len(joined.paths) == 2
    assert len(courses(first, other, there("a x"))) == 3


def test_controls_and_the_two_ways_are_never_merged_and_stand_in_order() -> None:
    found = courses(control_back("a"), back("a"), there("a"))
    assert [(one.control, one.way) for one in found] == [(False, Way.THERE), (False, Way.BACK), (True, Way.BACK)]


def test_routers_end_before_the_other_end_and_before_the_silence_behind_the_last_answer() -> None:
    reached = course(there("a b a.example"), there("a b ? ? ? ?", line=1))
    assert [station.index for station in reached.beyond] == [4, 5, 6]
    assert [station.label for station in reached.routers] == ["a", "b"]
    stopped = course(there("a ? b ? ?"))
    assert (stopped.reached, stopped.beyond) == (False, ())
    assert [station.label for station in stopped.routers] == ["a", "silent hop 2", "b"]


def test_a_destination_that_answers_at_all_distances_behind_it_stands_at_the_first() -> None:
    found = course(there("a b a.example a.example a.example"))
    assert (found.stations[-1].label, len(found.stations), len(found.beyond)) == ("a.example", 3, 2)


def test_mtu_steps_are_told_once_with_their_line() -> None:
    made = report("a b")
    stepped = replace(made, hops=(made.hops[0], replace(made.hops[1], mtu=1400)))
    (step,) = course(replace(there("x"), report=stepped), replace(there("x"), report=stepped)).mtu_steps
    assert (step.index, step.mtu, step.cite.line) == (2, 1400, 4)


def test_the_last_answering_station_is_told_by_probe() -> None:
    found = course(there("a b ?", probe="tcp-syn"), there("a b c", probe="icmp"))
    tcp, icmp, udp = (found.last_answering(probe) for probe in ("tcp-syn", "icmp", "udp"))
    assert (tcp and tcp.label, icmp and icmp.label, udp) == ("b", "c", None)
    assert found.last_answering() == icmp


def test_loss_is_that_of_all_probes_together() -> None:
    made = report("a")
    (hop,) = made.hops
    one, other = (
        replace(there("a"), report=replace(made, hops=(replace(hop, sent=sent, loss=loss),)))
        for sent, loss in ((10, 0.5), (90, 0.0))
    )
    (station,) = course(one, other).stations
    assert station.loss == 0.05
    uncounted = replace(there("a"), report=replace(made, hops=(replace(hop, sent=None),)))
    assert course(uncounted).stations[0].loss is None


def test_a_router_that_alone_loses_limits_its_replies() -> None:
    made = report("a b c")
    losses = (0.0, 0.6, 0.0)
    hops = tuple(replace(hop, loss=loss) for hop, loss in zip(made.hops, losses, strict=True))
    found = course(replace(there("x"), report=replace(made, hops=hops)))
    assert [station.limited for station in found.stations] == [False, True, False]


def test_loss_that_all_later_stations_share_is_told_with_where_it_begins() -> None:
    made = report("a b c d")
    hops = tuple(replace(hop, sent=100, loss=loss) for hop, loss in zip(made.hops, (0.0, 0.9, 0.2, 0.2), strict=True))
    loss = course(replace(there("x"), report=replace(made, hops=hops))).loss
    assert loss
    assert (loss.first.label, loss.share, loss.stations) == ("c", 0.2, 2)
    assert course(there("a b c")).loss is None


def test_thousands_of_runs_with_many_responders_are_one_course() -> None:
    many = "|".join(f"10.9.0.{number}" for number in range(128))
    found = course(*runs(*(f"a b {many} d" for _ in range(200))))
    assert len(found.stations[2].replies) == 128
    assert len(found.paths) == 200


def test_a_distance_beyond_what_a_ttl_holds_is_no_station() -> None:
    made = report("a b")
    far = replace(made, hops=(made.hops[0], replace(made.hops[1], index=10**9)))
    assert len(course(replace(there("x"), report=far)).stations) == 1


HOPS = st.lists(
    st.one_of(
        st.just("?"),
        st.lists(
            st.sampled_from(["a", "b", "a=10.0.0.1", "b=10.0.0.2", "10.0.0.1", "10.0.0.2", "c=10.0.0.1"]),
            min_size=1,
            max_size=2,
        ).map("|".join),
    ),
    max_size=4,
).map(" ".join)
REPORTS = st.lists(st.tuples(HOPS, st.sampled_from([None, SERVER.address, "192.0.2.99"]), st.booleans()), max_size=7)


def made_of(drawn: list[tuple[str, str | None, bool]]) -> list[PathEvidence]:
    return [
        there(hops, line=number * 10 + 1, destination_address=to, started=Instant(number) if timed else None)
        for (hops, to, timed), number in zip(drawn, count(), strict=False)
    ]


def shown(path: Path) -> list[tuple[Hop, HopReply]]:
    return [(hop, reply) for hop in path.hops for reply in hop.replies]


@given(REPORTS)
def test_nothing_that_answered_is_lost_and_silence_never_becomes_a_router(
    drawn: list[tuple[str, str | None, bool]],
) -> None:
    reports = made_of(drawn)
    found = courses(*reports)
    assert sorted(path.report.line or 0 for one in found for path in one.paths) == [one.report.line for one in reports]
    for one in found:
        keys = {station.index: {key_of(reply) for reply in station.replies} for station in (*one.stations, *one.beyond)}
        for path in one.paths:
            for hop, reply in shown(path):
                name, address = key_of(reply)
                assert any(name in {None, known} and address in {None, number} for known, number in keys[hop.index])
        for station in (*one.stations, *one.beyond):
            trips = [len(reply.round_trips) for _, hop in station.sightings for reply in hop.replies]
            assert sum(len(reply.round_trips) for reply in station.replies) == sum(trips)
            assert station.silent == all(hop.silent for _, hop in station.sightings)


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_given_decides_nothing(
    drawn: list[tuple[str, str | None, bool]], random: object
) -> None:
    reports = made_of(drawn)
    shuffled = list(reports)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert courses(*shuffled) == courses(*reports)


@given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from([None, "10.0.0.1", "10.0.0.2"]))))
def test_what_a_name_or_an_address_means_contains_it(keys: list[tuple[str | None, str | None]]) -> None:
    means = responders(keys)
    for (name, address), (known, number) in means.items():
        assert name in {None, known}
        assert address in {None, number}
        assert means[known, number] == (known, number)
