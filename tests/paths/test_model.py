import pytest
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence, Role
from bothways.evidence.path_report import Mark
from bothways.way import Way
from tests.helpers.network import CLIENT, SERVER
from tests.helpers.surroundings import control_back, evidence, paths, reply, report, there


def reached(hops: str, **more: object) -> bool | None:
    (path,) = paths(there(hops, **more))
    return path.reached


def test_the_hint_tells_the_way() -> None:
    (path,) = paths(evidence("10.0.0.254 192.0.2.2", Way.BACK))
    assert path.way is Way.BACK


@pytest.mark.parametrize(
    ("end", "way"), [(SERVER.address, Way.THERE), ("a.example", Way.THERE), (CLIENT.address, Way.BACK)]
)
def test_a_report_whose_destination_is_an_end_of_the_case_needs_no_hint(end: str, way: Way) -> None:
    (path,) = paths(evidence("10.0.0.254", destination=end))
    assert path.way is way
    assert not path.control


def test_a_report_without_hint_and_ends_may_belong_to_anything() -> None:
    assert paths(evidence("10.0.0.254")) == ()
    assert paths(evidence("10.0.0.254", destination="198.51.100.1")) == ()


def test_a_report_of_a_control_address_is_a_control() -> None:
    (path,) = paths(there("10.0.0.254", destination_address="192.0.2.99"))
    assert path.control


def test_the_files_name_may_say_that_it_is_a_control() -> None:
    (path,) = paths(control_back("10.0.0.254"))
    assert path.control


def test_an_end_of_the_case_is_no_control_even_if_a_control_is_named_too() -> None:
    (path,) = paths(there("10.0.0.254", destination=SERVER.address, destination_address="192.0.2.99"))
    assert not path.control


def test_a_report_reaches_the_server_if_its_last_hop_is_it() -> None:
    assert reached("10.0.0.254 192.0.2.2") is True
    assert reached("10.0.0.254 a.example") is True
    assert reached("10.0.0.254 192.0.2.2", destination="192.0.2.2") is True


def test_a_report_stops_where_a_router_or_silence_is_last() -> None:
    assert reached("10.0.0.254 10.0.5.1") is False
    assert reached("10.0.0.254 ?") is False


def test_a_report_without_hops_tells_nothing() -> None:
    assert reached("") is None


def test_an_error_of_the_last_hop_is_no_arrival() -> None:
    marked = replace(reply("192.0.2.2"), marks=(Mark.PROHIBITED,))
    hop = replace(report("192.0.2.2").hops[0], replies=(marked,))
    (path,) = paths(replace(there("x"), report=replace(report("x"), hops=(hop,))))
    assert path.reached is False


def test_a_control_whose_destination_is_not_told_is_not_judged() -> None:
    (path,) = paths(control_back("10.0.0.254 198.51.100.9"))
    assert path.reached is None


def test_silent_hops_count_only_before_the_last_answer() -> None:
    (path,) = paths(there("? 10.0.0.1 ? 10.0.0.2 ? ?"))
    assert path.silent == 2
    (dead,) = paths(there("? ?"))
    assert dead.silent == 2


def test_a_hop_is_cited_by_its_line_and_a_report_by_its_first() -> None:
    (path,) = paths(there("10.0.0.1 10.0.0.2"))
    assert path.cite(path.hops[1]).line == 4
    assert path.cite().line == 3
    (empty,) = paths(there("", line=1))
    assert empty.cite().line == 1


def test_the_farthest_answer_is_behind_silence_or_nowhere() -> None:
    (path,) = paths(there("10.0.0.1 10.0.0.2 ?"))
    last = path.last_answering()
    assert last is not None
    assert last.index == 2
    (dead,) = paths(there("? ?"))
    assert dead.last_answering() is None


@pytest.mark.parametrize("word", [True, False])
def test_the_tools_own_word_decides_whether_it_arrived(word: bool) -> None:  # noqa: FBT001 - it is what is tested
    assert reached("10.0.0.254 10.0.5.1", reached=word) is word
    assert reached("10.0.0.254 192.0.2.2", reached=word) is word


def likely_end(hops: str, **more: object) -> int | None:
    (path,) = paths(there(hops, **more))
    return path.likely_end.index if path.likely_end else None


def test_who_answers_on_the_last_line_is_most_likely_the_other_end() -> None:
    assert likely_end("gw=10.0.0.254 r.example www.example") == 3


def test_silence_behind_it_the_tools_limit_a_circle_and_a_refusal_make_nobody_the_other_end() -> None:
    assert likely_end("gw r.example ?") is None
    assert likely_end(" ".join(f"r{index}.example" for index in range(1, 31))) is None
    assert likely_end("gw r.example s.example r.example s.example") is None
    refused = report("gw r.example")
    (reply_of_r,) = refused.hops[-1].replies
    marked = replace(refused.hops[-1], replies=(replace(reply_of_r, marks=(Mark.HOST,)),))
    (path,) = paths(PathEvidence(report=replace(refused, hops=(refused.hops[0], marked)), role=Role(way=Way.THERE)))
    assert path.likely_end is None


def test_where_the_report_says_where_it_goes_nothing_is_guessed() -> None:
    assert likely_end("gw r.example s.example", destination="www.example") is None
