from bothways.facts.gaps import Gap, gaps
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there

OUT = "gw.a.example fw.a.example edge.a.example isp.b.example 192.0.2.2"


def found(out: str, home: str) -> tuple[Gap, ...]:
    subject = Network("client").subject(paths=paths(there(out, reached=True), back(home, reached=True)))
    (alignment,) = subject.alignments
    return gaps(subject, alignment)


def test_between_neighbouring_pairs_lies_nothing() -> None:
    lengths = [gap.lengths for gap in found(OUT, "isp.b.example edge.a.example fw.a.example gw.a.example 10.0.0.1")]
    assert lengths == [(0, 0)] * 5


def test_what_one_way_passes_where_the_other_passes_nothing_stands_on_it_alone() -> None:
    parted = [gap for gap in found(OUT, "isp.b.example edge.a.example gw.a.example 10.0.0.1") if gap.parts]
    assert [[station.label for station in gap.only_there] for gap in parted] == [["fw.a.example"]]
    assert [gap.only_back for gap in parted] == [()]


def test_so_does_a_silent_hop() -> None:
    out = OUT.replace("fw.a.example", "?")
    parted = [gap for gap in found(out, "isp.b.example edge.a.example gw.a.example 10.0.0.1") if gap.parts]
    assert [station.index for gap in parted for station in gap.only_there] == [2]


def test_unequal_numbers_of_hops_between_two_pairs_are_not_the_same_routers() -> None:
    gap = found(OUT.replace("fw.a.example", "?"), "isp.b.example edge.a.example ? ? gw.a.example 10.0.0.1")[1]
    assert (gap.lengths, gap.parts, gap.only_there, gap.only_back) == ((1, 2), True, (), ())


def test_as_many_silent_hops_may_be_the_same_router() -> None:
    gap = found(OUT.replace("fw.a.example", "?"), "isp.b.example edge.a.example ? gw.a.example 10.0.0.1")[1]
    assert (gap.lengths, gap.parts) == ((1, 1), False)


def test_an_address_without_a_name_may_be_the_router_that_has_one() -> None:
    gap = found(OUT, "isp.b.example edge.a.example 10.0.9.1 gw.a.example 10.0.0.1")[1]
    assert (gap.lengths, gap.parts) == ((1, 1), False)


def test_two_names_are_two_routers() -> None:
    gap = found(OUT, "isp.b.example edge.a.example fw2.a.example gw.a.example 10.0.0.1")[1]
    assert [station.label for station in (*gap.only_there, *gap.only_back)] == ["fw.a.example", "fw2.a.example"]


def test_a_report_that_ends_early_leaves_the_length_open() -> None:
    subject = Network("client").subject(paths=paths(there(OUT, reached=True), back("isp.b.example ?", reached=False)))
    (alignment,) = subject.alignments
    assert gaps(subject, alignment)[0].lengths == (3, None)
