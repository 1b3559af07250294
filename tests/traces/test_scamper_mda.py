"""Links between the routers that share load become distances."""

from typing import Any

from bothways.traces.scamper_mda import MOST_ANSWERS, balanced


def link(host: str, *ttls: int, **more: Any) -> dict[str, Any]:
    replies = [{"ttl": 60, "rtt": 1.5, "icmp_type": 11, "icmp_code": 0, "icmp_q_ttl": 1, "icmp_q_tos": 0} | more]
    return {"addr": host, "probes": [{"ttl": ttl, "flowid": 1, "replies": replies} for ttl in ttls]}


def test_each_router_stands_at_the_distance_of_its_probes() -> None:
    record: Any = {
        "firsthop": 1,
        "dst": "198.51.100.9",
        "nodes": [
            {"addr": "192.0.2.1", "links": [[link("192.0.2.5", 2), link("192.0.2.9", 2, 2)]]},
            {"addr": "192.0.2.5", "name": "r2.example", "links": [[{"addr": "*"}], [link("198.51.100.9", 4)]]},
        ],
    }
    told = [(index, reply and (reply.address, reply.name, len(reply.round_trips))) for index, reply in balanced(record)]
    assert told == [
        (1, ("192.0.2.1", None, 0)),
        (2, ("192.0.2.5", "r2.example", 1)),
        (2, ("192.0.2.9", None, 1)),
        (2, ("192.0.2.9", None, 1)),
        (3, None),
        (4, ("198.51.100.9", None, 1)),
    ]


def test_where_it_begins_further_away_the_first_router_does_too() -> None:
    record: Any = {"firsthop": 3, "nodes": [{"addr": "2001:db8::1", "links": [[link("2001:db8::2", 5)]]}]}
    assert [index for index, _ in balanced(record)] == [4, 5]
    record = {"firsthop": 3, "nodes": [{"addr": "2001:db8::1", "links": []}]}
    assert [index for index, _ in balanced(record)] == [3]


def test_links_in_tables_are_wrapped_once_more() -> None:
    record: Any = {"nodes": [{"addr": "192.0.2.1", "links": [{"Links": [link("192.0.2.5", 2)]}]}]}
    assert [index for index, _ in balanced(record)] == [1, 2]


def test_nonsense_is_no_router_and_is_bounded() -> None:
    assert list(balanced({"nodes": [7, {"links": 3}, {"links": [[{}]]}]})) == [(2, None)]
    many: Any = {"nodes": [{"addr": "192.0.2.1", "links": [[link("192.0.2.5", *[2] * MOST_ANSWERS), link("x", 2)]]}]}
    assert sum(1 for _ in balanced(many)) == MOST_ANSWERS + 1
