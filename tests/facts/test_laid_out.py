from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.routers import keys, same_device
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, reply, there

NAMES = ("eth0.fw.a.example", "eth1.fw.a.example", "fw.a.example", "_gateway", "FW.a.example", "x")
REPLIES = st.one_of(
    st.sampled_from(NAMES).map(reply),
    st.sampled_from(("10.0.0.1", "10.0.0.2")).map(reply),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("10.0.0.1", "10.0.0.2"))).map(lambda two: reply("=".join(two))),
)


@given(st.lists(REPLIES, max_size=6))
def test_replies_are_one_devices_where_they_have_a_key_in_common(replies: list[object]) -> None:
    for one, other in product(replies, replies):
        shared = bool(keys(one) & keys(other))  # type: ignore[arg-type] # replies
        assert shared is same_device(one, other)  # type: ignore[arg-type] # replies


def test_what_one_way_calls_a_router_leads_to_what_the_others_call_it() -> None:
    reports = paths(there("gw=10.0.0.254 edge=10.0.1.1 192.0.2.2"), back("10.0.1.1 gw 10.0.0.1"))
    subject = Network("client").subject(paths=reports)
    assert [one.name for one in subject.routers[reply("10.0.1.1")]] == ["edge", None]
    assert [one.address for one in subject.routers[reply("gw")]] == ["10.0.0.254", None]


def test_routers_that_share_a_distance_are_not_one() -> None:
    subject = Network("client").subject(paths=paths(there("gw one=10.0.1.1|two=10.0.1.2 192.0.2.2")))
    assert [one.name for one in subject.routers[reply("one=10.0.1.1")]] == ["one"]
