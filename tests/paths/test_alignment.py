from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.evidence.path_report import HopReply
from bothways.paths.alignment import Alignment, Basis, Kinship, Proof, align, compare
from bothways.paths.course import courses_of
from bothways.way import Way
from tests.helpers.surroundings import back, control_back, paths, there

OUT = "gw=10.0.0.254 edge=10.0.1.1 guard=10.0.2.1 isp=10.9.3.1 far=10.9.4.1 192.0.2.2"
AROUND = "far=10.9.5.9 isp=10.9.4.9 edge=10.0.6.1 gw=10.0.0.254 10.0.0.1"
THROUGH = "other=10.9.8.1 isp=10.9.4.9 guard=10.9.3.9 edge=10.0.2.9 gw=10.0.0.254 10.0.0.1"


def laid(*reports: PathEvidence) -> Alignment:
    courses = courses_of(paths(*reports))
    own = {course.way: course for course in courses if not course.control}
    return align(own[Way.THERE], own[Way.BACK], controls=[course for course in courses if course.control])


def paired(alignment: Alignment) -> list[tuple[str, str]]:
    return [(row.there.label, row.back.label) for row in alignment.pairs if row.there and row.back]


def test_every_hop_of_both_ways_stands_in_one_row() -> None:
    alignment = laid(there(OUT), back(AROUND))
    assert [row.there.label for row in alignment.rows if row.there] == ["gw", "edge", "guard", "isp", "far"]
    assert [row.back.label for row in alignment.rows if row.back] == ["gw", "edge", "isp", "far"]


def test_what_a_control_shows_to_answer_that_way_is_proven_absent() -> None:
    alignment = laid(there(OUT), back(AROUND), control_back(THROUGH))
    guard = alignment.there.stations[2]
    assert alignment.of(guard).kinship is Kinship.ONLY_THERE
    assert alignment.absence(guard).why is Proof.CONTROL
    (detour,) = alignment.detours
    assert (detour.there, detour.back, detour.proven) == ((guard,), (), True)
    assert detour.before is alignment.of(alignment.there.stations[1])
    assert detour.after is alignment.of(alignment.there.stations[3])


def test_without_a_control_it_is_not_seen_and_that_is_all() -> None:
    alignment = laid(there(OUT), back(AROUND))
    row = alignment.of(alignment.there.stations[2])
    assert (row.kinship, row.likeliest) == (Kinship.UNTOLD, Kinship.ONLY_THERE)
    assert alignment.absence(alignment.there.stations[2]).why is Proof.UNPROVEN


def test_a_silent_hop_in_the_gap_could_be_it() -> None:
    silent = AROUND.replace("edge=", "? ? edge=")
    alignment = laid(there(OUT), back(silent), control_back(THROUGH))
    absence = alignment.absence(alignment.there.stations[2])
    assert (absence.proven, absence.why, absence.hidden) == (False, Proof.SILENT_HOPS, 2)


def test_two_ends_of_one_link_around_the_gap_leave_no_room() -> None:
    linked = AROUND.replace("edge=10.0.6.1", "edge=10.9.3.2")
    alignment = laid(there(OUT), back(linked))
    assert alignment.absence(alignment.there.stations[2]).why is Proof.NEIGHBOURS


def test_a_report_that_ends_early_shows_no_absence_behind_its_end() -> None:
    alignment = laid(there(OUT), back("far=10.9.5.9 isp=10.9.4.9 ? ?"))
    assert alignment.absence(alignment.there.stations[1]).why is Proof.UNENDED
    assert not any(alignment.there.stations[0] in detour.there for detour in alignment.detours)


def test_names_that_differ_in_the_interface_pair() -> None:
    out = "ae1.cr1.a.b.example=10.1.1.1 ae2.cr2.a.b.example=10.2.1.1 ae3.cr3.a.b.example=10.3.1.1 192.0.2.2"
    home = "ae7.cr3.a.b.example=10.4.1.1 ae8.cr2.a.b.example=10.5.1.1 ae9.cr1.a.b.example=10.6.1.1 10.0.0.1"
    alignment = laid(there(out), back(home))
    assert len(alignment.pairs) == 3
    assert all(row.bases[0] is Basis.INTERFACE_NAME for row in alignment.rows)


def test_a_domain_that_several_hops_share_names_no_router() -> None:
    out = "ae1.net.example.org=10.1.1.1 ae2.net.example.org=10.2.1.1 192.0.2.2"
    home = "ae3.net.example.org=10.3.1.1 ae4.net.example.org=10.4.1.1 10.0.0.1"
    bases = {basis for row in laid(there(out), back(home)).rows for basis in row.bases}
    assert not bases & {Basis.NAME, Basis.INTERFACE_NAME}


def test_a_name_that_several_hops_bear_names_no_router() -> None:
    out = "core.example=10.1.1.1 core.example=10.2.1.1 192.0.2.2"
    home = "core.example=10.3.1.1 core.example=10.4.1.1 10.0.0.1"
    assert not any(Basis.NAME in row.bases for row in laid(there(out), back(home)).rows)


def test_addresses_of_links_pair_without_any_name() -> None:
    out = "10.1.0.1 10.1.1.2 10.1.2.2 10.1.3.2 192.0.2.2"
    home = "192.0.2.1 10.1.3.1 10.1.2.1 10.1.1.1 10.0.0.1"
    alignment = laid(there(out), back(home))
    assert paired(alignment) == [
        ("10.1.0.1", "10.1.1.1"),
        ("10.1.1.2", "10.1.2.1"),
        ("10.1.2.2", "10.1.3.1"),
        ("10.1.3.2", "192.0.2.1"),
    ]
    assert all(Basis.LINK in row.bases for row in alignment.rows)


def test_links_lead_around_a_detour() -> None:
    out = "10.1.0.1 10.1.1.2 10.7.0.2 10.7.1.2 10.7.2.2 10.1.3.2 192.0.2.2"
    home = "192.0.2.1 10.1.3.1 10.8.0.1 10.1.1.1 10.0.0.1"
    alignment = laid(there(out), back(home))
    assert ("10.1.0.1", "10.1.1.1") in paired(alignment)
    assert ("10.1.3.2", "192.0.2.1") in paired(alignment)
    assert ("10.7.0.2", "10.8.0.1") not in paired(alignment)


def test_a_silent_hop_is_never_claimed_by_its_place_alone() -> None:
    alignment = laid(there("a=10.1.0.1 ? c=10.3.0.1 192.0.2.2"), back("c=10.3.1.1 10.2.0.1 a=10.1.1.1 10.0.0.1"))
    row = alignment.of(alignment.there.stations[1])
    assert (row.kinship, row.likeliest) == (Kinship.UNTOLD, Kinship.SAME)
    assert row.back is not None
    assert row.back.label == "10.2.0.1"


def test_hops_in_one_place_with_other_names_are_not_claimed() -> None:
    alignment = laid(
        there("a=10.1.0.1 b=10.2.0.1 c=10.3.0.1 192.0.2.2"), back("c=10.3.1.1 x=10.2.7.1 a=10.1.1.1 10.0.0.1")
    )
    assert paired(alignment) == [("a", "a"), ("c", "c")]


def test_a_router_that_is_passed_twice_is_paired_once_at_most() -> None:
    alignment = laid(
        there("a=10.1.0.1 b=10.2.0.1 a=10.1.0.1 b=10.2.0.1 192.0.2.2"), back("b=10.2.0.9 a=10.1.0.9 10.0.0.1")
    )
    assert len(alignment.pairs) <= 2


def test_one_of_several_replies_is_enough() -> None:
    courses = courses_of(paths(there("a=10.1.0.1 b=10.2.0.1 192.0.2.2"), back("b2=10.2.7.1 a=10.1.0.9 10.0.0.1")))
    other = HopReply(name="b", address="10.2.9.9")
    shared = replace(courses[1].stations[0], replies=(*courses[1].stations[0].replies, other))
    alignment = align(courses[0], replace(courses[1], stations=(shared, *courses[1].stations[1:])))
    assert ("b", "b2") in paired(alignment)


def test_the_user_s_own_list_pairs_and_parts() -> None:
    class Known:
        def network(self, _: str) -> int | None:
            return None

        def device(self, reply: HopReply) -> str | None:
            return {"10.1.0.1": "one", "10.2.0.1": "one", "10.1.0.5": "two"}.get(reply.address or "")

    courses = courses_of(paths(there("10.1.0.5 10.1.0.1 192.0.2.2"), back("10.2.0.1 10.2.0.5 10.0.0.1")))
    rows = align(*courses, knowledge=Known()).rows
    assert any(row.there and row.back and row.bases[:1] == (Basis.INVENTORY,) for row in rows)


def test_two_ways_of_one_direction_are_compared_by_their_addresses() -> None:
    courses = courses_of(paths(back(AROUND), control_back(THROUGH)))
    alignment = compare(courses[0], courses[1])
    assert ("edge", "edge") in paired(alignment)
    assert ("isp", "isp") in paired(alignment)
    assert not any(row.absence and row.absence.proven for row in alignment.rows)


HOPS = st.lists(st.sampled_from(["?", "10.1.0.1", "10.1.0.2", "a=10.2.0.1", "b=10.2.0.2", "10.3.0.7"]), max_size=9)


@settings(max_examples=40, deadline=None)
@given(HOPS, HOPS)
def test_whatever_the_hops_each_stands_once_and_in_order(out: list[str], home: list[str]) -> None:
    alignment = laid(there(" ".join([*out, "192.0.2.2"])), back(" ".join([*home, "10.0.0.1"])))
    assert tuple(row.there for row in alignment.rows if row.there) == alignment.there.routers
    assert tuple(row.back for row in reversed(alignment.rows) if row.back) == alignment.back.routers
    assert all(0 <= row.confidence <= 1 or isclose(row.confidence, 1) for row in alignment.rows)
