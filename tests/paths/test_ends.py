import pytest
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence, Role
from bothways.paths.ends import ENOUGH, MOST_CONTROLS, NOTHING_TELLS, OTHER_VERSION, Attached, Reports
from bothways.paths.model import Told
from bothways.paths.two_ends import TwoEnds
from bothways.way import Way
from tests.helpers.network import CLIENT, SERVER
from tests.helpers.surroundings import control_back, evidence, reply, report, there

KNOWN = TwoEnds.of((CLIENT.address,), (SERVER.address, "a.example"), {"192.0.2.99"})


def attached(*reports: PathEvidence, known: TwoEnds = KNOWN) -> Attached:
    return Reports(reports).of(known)


def way(*reports: PathEvidence, known: TwoEnds = KNOWN) -> tuple[Way, Told] | None:
    """Of the first report."""
    found = [path for path in attached(*reports, known=known).paths if path.report is reports[0].report]
    return (found[0].way, found[0].told) if found else None


def test_where_a_report_goes_overrules_the_name_of_its_file_and_where_it_ends_does_not() -> None:
    assert way(there("a b", destination=CLIENT.address)) == (Way.BACK, Told.ENDS)
    assert way(evidence("a a.example", Way.BACK)) == (Way.BACK, Told.HINT)


def test_the_users_word_overrules_what_a_report_says() -> None:
    decided = PathEvidence(report=report("a", destination=CLIENT.address), role=Role(way=Way.THERE, decided=True))
    assert way(decided) == (Way.THERE, Told.WORD)


def test_who_answers_last_and_who_reports_tell_the_way_where_no_destination_is_named() -> None:
    assert way(evidence(f"a {SERVER.address}")) == (Way.THERE, Told.ENDS)
    assert way(evidence(f"a {CLIENT.address}")) == (Way.BACK, Told.ENDS)
    assert way(evidence("x y", source_address=CLIENT.address)) == (Way.THERE, Told.ENDS)
    assert way(evidence("x y", source="a.example")) == (Way.BACK, Told.ENDS)
    assert way(evidence("x y", source="a.example"), there("x y")) == (Way.THERE, Told.HOPS)
    assert way(evidence("x y", source="a.other.example")) is None


def test_a_bare_name_of_the_reporting_host_counts_where_it_begins_like_another_report_from_there() -> None:
    home = evidence("x z", Way.BACK, source="a")
    assert way(evidence("x y", source="a"), home) == (Way.BACK, Told.ENDS)
    assert way(evidence("w y", source="a"), home) is None


def test_who_refuses_at_the_end_is_not_who_was_looked_for() -> None:
    made = report(f"x {SERVER.address}")
    refused = replace(made.hops[1], replies=(replace(reply(SERVER.address), marks=("!X",)),))
    assert way(PathEvidence(report=replace(made, hops=(made.hops[0], refused)), role=Role())) is None


@pytest.mark.parametrize(("hops", "told"), [("r s t", Way.THERE), ("t s r", Way.BACK), ("r", None), ("x y", None)])
def test_routers_in_the_same_or_in_reversed_order_tell_the_way_of_a_report_without_ends(
    hops: str, told: Way | None
) -> None:
    assert way(evidence(hops), there("q r s t")) == ((told, Told.HOPS) if told else None)


def test_the_two_addresses_of_each_link_tell_opposite_ways() -> None:
    shown, reversed_ = "10.1.0.2 10.2.0.2 10.3.0.2", "10.3.0.1 10.2.0.1 10.1.0.1"
    assert way(evidence(reversed_), there(shown)) == (Way.BACK, Told.HOPS)


def test_reports_that_disagree_about_the_order_tell_nothing() -> None:
    assert way(evidence("r s"), there("r s"), evidence("r s", Way.BACK)) is None
    assert way(evidence("r s t u"), there("s r u t")) is None


def test_a_report_to_a_third_host_is_left_out_with_a_word_whatever_its_file_is_called() -> None:
    (stray,) = attached(there("a b", destination="198.51.100.7")).strays
    assert stray.why == "belongs to neither of the two ends: it goes to 198.51.100.7"
    (untold,) = attached(evidence("a b")).strays
    assert untold.why == NOTHING_TELLS


def test_an_address_behind_nat_is_no_third_host() -> None:
    (path,) = attached(evidence("a b", Way.BACK, destination="198.51.100.7")).paths
    assert path.way is Way.BACK


def test_of_very_many_targets_some_serve_for_comparison_and_the_rest_is_left_out() -> None:
    targets = [f"192.0.2.{number}" for number in range(10, 10 + MOST_CONTROLS + 3)]
    reports = [there("a b", destination=target, line=at) for at, target in enumerate(targets)]
    found = attached(control_back("a"), *reports, known=TwoEnds.of((), (targets[-1],), targets))
    assert sum(path.control for path in found.paths) == MOST_CONTROLS + 1
    assert [path.report.destination for path in found.paths if not path.control] == [targets[-1]]
    assert [stray.why for stray in found.strays] == [ENOUGH] * 2


def test_a_control_may_go_anywhere() -> None:
    (path,) = attached(
        PathEvidence(report=report("a", destination="198.51.100.7"), role=Role(way=Way.THERE, control=True))
    ).paths
    assert path.control


def test_a_control_known_by_its_address_needs_no_hint_where_the_client_reports() -> None:
    (path,) = attached(evidence("a", destination="192.0.2.99", source_address=CLIENT.address)).paths
    assert (path.way, path.control) == (Way.THERE, True)


def test_a_second_name_of_the_server_is_no_third_host() -> None:
    assert way(there("a b", destination="alias.example")) == (Way.THERE, Told.HINT)


def test_targets_for_which_the_reports_mean_the_same_share_them() -> None:
    reports = Reports([control_back("a b"), there("a b")])
    one, other = (reports.of(TwoEnds.of((), (f"192.0.2.{number}",))) for number in (2, 3))
    assert one is other


def test_a_name_that_is_not_the_destinations_may_still_be_its_own() -> None:
    made = there("r edge-5.hosting.example", destination="a.example")
    (path,) = attached(made).paths
    assert path.reached is None


def test_what_a_host_calls_itself_tells_that_a_report_reached_it_and_not_that_it_did_not() -> None:
    known = TwoEnds.of((), ("10.0.0.5",), named=True)
    assert attached(there("a 198.51.100.5"), known=known).paths[0].reached is None
    assert attached(there("a ?"), known=known).paths[0].reached is False
    assert attached(there("a 10.0.0.5"), known=known).paths[0].reached is True


def test_ways_of_the_other_version_of_ip_are_not_those_of_the_connections() -> None:
    by_four = there("gw=10.0.0.254 fw=10.0.1.1 198.51.100.1", file="outbound.mtr.txt")
    ends = TwoEnds.of(("2001:db8:1::2",), ("2001:db8:2::2", "a.example"))
    found = Reports((by_four,)).of(ends)
    assert (found.paths, [stray.why for stray in found.strays]) == ((), [OTHER_VERSION])
    by_word = replace(by_four, role=replace(by_four.role, decided=True))
    assert len(Reports((by_word,)).of(ends).paths) == 1
    both = TwoEnds.of(("2001:db8:1::2",), ("2001:db8:2::2", "192.0.2.2"))
    assert len(Reports((by_four,)).of(both).paths) == 1


def test_names_tell_no_version_of_ip() -> None:
    ends = TwoEnds.of(("2001:db8:1::2",), ("2001:db8:2::2",))
    assert len(Reports((there("gw fw isp"),)).of(ends).paths) == 1
