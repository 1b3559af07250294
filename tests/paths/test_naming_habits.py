from bothways.paths.course import courses_of
from bothways.paths.features import Features, features_of
from bothways.paths.knowledge import NOTHING_KNOWN
from bothways.paths.naming_habits import habits, learnt, other_name
from bothways.way import Way
from tests.helpers.surroundings import back, paths, there
from tests.paths.test_alignment import laid

NUMBERED_OUT = (
    "p-7001.ix.example=10.0.0.1 p-7002.ix.example=10.0.1.2 p-7003.ix.example=10.0.2.2 p-7004.ix.example=10.0.3.2"
    " 192.0.2.2"
)
NUMBERED_BACK = (
    "p-7005.ix.example=192.0.2.1 p-7006.ix.example=10.0.3.1 p-7007.ix.example=10.0.2.1 p-7008.ix.example=10.0.1.1"
    " 10.0.0.9"
)
FORM = (2, "ix.example")


def hops(out: str, home: str) -> tuple[tuple[Features, ...], tuple[Features, ...]]:
    own = {course.way: course.routers for course in courses_of(paths(there(out), back(home)))}
    return features_of(own[Way.THERE], tuple(reversed(own[Way.BACK])), NOTHING_KNOWN)


def test_names_of_which_none_returns_may_be_those_of_addresses() -> None:
    known = habits(*hops(NUMBERED_OUT, NUMBERED_BACK))
    assert 0.5 < known[FORM] < 0.9


def test_one_device_that_returns_shows_that_names_are_those_of_devices() -> None:
    known = habits(*hops(NUMBERED_OUT, NUMBERED_BACK.replace("7006", "7003")))
    assert known[FORM] == 0


def test_one_name_on_each_way_tells_little() -> None:
    known = habits(*hops("p-1.ix.example=10.0.0.1 192.0.2.2", "p-2.ix.example=192.0.2.1 10.0.0.9"))
    assert known[FORM] < 0.4


def test_a_router_that_links_pair_under_two_names_settles_it() -> None:
    mine, theirs = hops(NUMBERED_OUT, NUMBERED_BACK)
    before = habits(mine, theirs)
    same = [[float(i == j) for j in range(len(theirs))] for i in range(len(mine))]
    assert learnt(before, mine, theirs, same, lambda i, j: i == j)[FORM] > 0.99
    untold = learnt(before, mine, theirs, same, lambda _i, _j: False)[FORM]
    assert abs(untold - before[FORM]) < 1e-9


def test_other_names_speak_against_a_pair_only_where_names_are_those_of_devices() -> None:
    mine, theirs = hops(NUMBERED_OUT, NUMBERED_BACK)
    assert other_name(mine[1], theirs[1], {FORM: 0.0}) < -3
    assert abs(other_name(mine[1], theirs[1], {FORM: 1.0})) < 1e-9


def test_links_pair_routers_whose_names_are_those_of_their_addresses() -> None:
    alignment = laid(there(NUMBERED_OUT), back(NUMBERED_BACK))
    paired = [(row.there.index, row.back.index) for row in alignment.pairs if row.there and row.back]
    assert paired == [(1, 4), (2, 3), (3, 2), (4, 1)]
