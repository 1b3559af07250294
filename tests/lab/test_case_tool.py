"""`tools/case.py`: what a birth certificate says, and what of a run becomes a case."""

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bothways.errors import CallError
from bothways.lab.model.network import End, Hop, Inspection, Link, Network, Node, Quality, Route, Rule
from bothways.lab.model.scenario import Scenario
from bothways.lab.scenarios import scenario_of
from tests.helpers.tshark import ACK, RST, SYN, Packet
from tools import case
from tools.certificate import Birth, certificate, note_of
from tools.seen import FIN, kind, repeats, seen
from tools.ways import way

CLIENT, SERVER, NEAR = ("192.0.2.1", 40000), ("203.0.113.2", 443), 3
"""Two ends, and the few hops that a path tool's first packets may go."""

LITTLE = """
[[network.nodes]]
name = "client"
[[network.nodes]]
name = "router"
router = true
[[network.nodes]]
name = "server"

[[network.links]]
a = { node = "client", interface = "eth0", addresses = ["192.0.2.1/28"] }
b = { node = "router", interface = "eth0", addresses = ["192.0.2.2/28"] }
[[network.links]]
a = { node = "router", interface = "eth1", addresses = ["198.51.100.1/28"] }
b = { node = "server", interface = "eth0", addresses = ["198.51.100.2/28"] }

[[services]]
node = "server"
port = 80

[[visits]]
node = "client"
to = "server"
port = 80
expected = "done"

[[signs]]
says = "the server answers"
capture = "client"
match = "src host 198.51.100.2 and tcp"
"""
TRUTH = """
[truth]
theory = "healthy"
says = "nothing is wrong"
client = "192.0.2.1"
server = "198.51.100.2"
port = 80
"""


def packet(
    seconds: float, source: tuple[str, int], target: tuple[str, int], flags: int, *, payload: int = 0, ttl: int = 60
) -> Packet:
    return Packet(
        seconds=seconds,
        source=source[0],
        target=target[0],
        ttl=ttl,
        size=40 + payload,
        port=source[1],
        to_port=target[1],
        flags=flags,
        payload=payload,
        sequence=0,
        acknowledged=0,
        name="",
        icmp=None,
    )


def diamond(*routes: Route, rules: Sequence[Rule] = ()) -> Network:
    """client - left - upper or lower - right - server."""
    pairs = [("client", "left"), ("left", "upper"), ("left", "lower"), ("upper", "right"), ("lower", "right")]
    nodes = ["client", "left", "upper", "lower", "right", "server"]
    return Network(
        nodes=[Node(name=name) for name in nodes],
        links=[
            Link(
                a=End(node=a, interface=f"to-{b}", addresses=[f"10.0.{number}.1/24"]),
                b=End(node=b, interface=f"to-{a}", addresses=[f"10.0.{number}.2/24"]),
            )
            for number, (a, b) in enumerate([*pairs, ("right", "server")])
        ],
        routes=[
            Route(node="client", to="default", via="10.0.0.2"),
            Route(node="upper", to="10.0.5.0/24", via="10.0.3.2"),
            Route(node="lower", to="10.0.5.0/24", via="10.0.4.2"),
            *routes,
        ],
        rules=list(rules),
    )


def there(network: Network) -> str:
    return " ".join(way(network, "10.0.0.1", "10.0.5.2"))


UPPER, LOWER = (Route(node="left", to="10.0.5.0/24", via=via) for via in ("10.0.1.2", "10.0.2.2"))


def test_a_way_follows_the_longest_route_and_ends_at_the_address() -> None:
    wide = Route(node="left", to="default", via="10.0.2.2")
    assert there(diamond(wide, UPPER)) == "client left upper right server"
    assert there(diamond(wide)) == "client left lower right server"


def test_a_way_of_several_hops_is_told_by_the_first() -> None:
    several = Route(node="left", to="10.0.5.0/24", hops=[Hop(via="10.0.2.2"), Hop(via="10.0.1.2")])
    assert there(diamond(several)) == "client left lower right server"


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        (Rule(node="left", table=9), "lower"),
        (Rule(node="left", table=9, source="10.0.0.0/24", to="10.0.5.2/32", coming_in="to-client"), "lower"),
        (Rule(node="left", table=9, source="10.9.0.0/24"), "upper"),
        (Rule(node="left", table=9, to="10.0.6.0/24"), "upper"),
        (Rule(node="left", table=9, coming_in="to-lower"), "upper"),
        (Rule(node="left", table=9, protocol="icmp"), "upper"),
        (Rule(node="right", table=9), "upper"),
        (Rule(node="left", table=8), "upper"),
    ],
)
def test_a_policy_rule_that_fits_sends_it_through_its_own_table(rule: Rule, taken: str) -> None:
    around = Route(node="left", to="10.0.5.0/24", via="10.0.2.2", table=9)
    assert there(diamond(UPPER, around, rules=[rule])) == f"client left {taken} right server"


def test_the_rule_with_the_lower_priority_comes_first() -> None:
    tables = [
        Route(node="left", to="default", via=via, table=table) for table, via in ((8, "10.0.1.2"), (9, "10.0.2.2"))
    ]
    rules = [Rule(node="left", table=8, priority=20), Rule(node="left", table=9, priority=10)]
    assert there(diamond(*tables, rules=rules)) == "client left lower right server"


def test_a_way_ends_where_nothing_leads_on_and_where_it_comes_back() -> None:
    assert there(diamond()) == "client left"
    assert there(diamond(Route(node="left", to="10.0.5.0/24", kind="blackhole"))) == "client left"
    assert there(diamond(Route(node="left", to="10.0.5.0/24", via="10.0.0.1"))) == "client left client"


def test_what_is_seen_of_a_connection_is_a_line_of_kinds_and_times() -> None:
    lines = seen(
        [
            packet(5.0, CLIENT, SERVER, SYN),
            packet(5.25, SERVER, CLIENT, SYN | ACK),
            packet(5.25, CLIENT, SERVER, ACK),
            packet(5.5, CLIENT, SERVER, ACK, payload=100),
            packet(6.5, CLIENT, SERVER, ACK, payload=100),
            packet(7.0, SERVER, CLIENT, RST | ACK),
        ]
    )
    told = "there SYN 0.00; back SYN+ACK 0.25; there ACK 0.25; there data 0.50 1.50; back RST 2.00"
    assert lines == [f"40000 to 203.0.113.2 port 443: {told}"]


def test_each_connection_has_its_line_in_the_order_of_their_beginnings() -> None:
    second = ("192.0.2.1", 40001)
    lines = seen(
        [
            packet(1.0, second, SERVER, SYN),
            packet(1.5, CLIENT, SERVER, SYN),
            packet(2.0, second, SERVER, SYN),
        ]
    )
    assert lines == [
        "40001 to 203.0.113.2 port 443: there SYN 0.00 1.00",
        "40000 to 203.0.113.2 port 443: there SYN 0.00",
    ]


def test_where_only_replies_are_seen_they_are_the_way_back() -> None:
    assert seen([packet(1.0, SERVER, CLIENT, SYN | ACK)]) == ["40000 to 203.0.113.2 port 443: back SYN+ACK 0.00"]


def test_what_a_path_tool_sent_is_left_out() -> None:
    probe = [
        packet(1.0, CLIENT, SERVER, SYN, ttl=NEAR),
        packet(1.1, SERVER, CLIENT, SYN | ACK),
        packet(1.2, CLIENT, SERVER, RST),
    ]
    assert seen(probe) == ["no connection"]
    assert seen([]) == ["no connection"]


@pytest.mark.parametrize(
    ("flags", "payload", "word"),
    [
        (SYN, 0, "SYN"),
        (SYN | ACK, 0, "SYN+ACK"),
        (FIN | ACK, 10, "FIN"),
        (RST | ACK, 0, "RST"),
        (ACK, 1, "data"),
        (ACK, 0, "ACK"),
    ],
)
def test_a_packet_is_called_by_what_matters_about_it(flags: int, payload: int, word: str) -> None:
    assert kind(packet(0.0, CLIENT, SERVER, flags, payload=payload)) == word


def test_equal_times_are_counted_and_many_are_cut_short() -> None:
    assert repeats(["0.00", "0.00", "1.00"]) == "0.00 (x2) 1.00"
    nine = [f"{number}.00" for number in range(9)]
    assert repeats(nine) == " ".join(nine)
    assert repeats([*nine, "9.00", "9.00", "10.00"]) == f"{' '.join(nine)} (and 3 more)"


def test_the_comment_at_the_head_of_a_file_is_its_makers_word() -> None:
    text = "# One paragraph\n# of two lines.\n#\n# Another.\n\n# not this\nname = 'x'\n"
    assert note_of(text) == "One paragraph of two lines.\n\nAnother."
    assert not note_of("name = 'x' # not this\n")


def birth(network: Network, note: str = "") -> Birth:
    return Birth(
        case="tests/cases/asymmetric-bypass/somewhere",
        note=note,
        scenario=Scenario(name="somewhere", network=network),
        truth={
            "theory": "asymmetric-bypass",
            "says": "replies skip the firewall",
            "client": "10.0.0.1",
            "server": "10.0.5.2",
            "observed": [{"says": "ACKs die", "count": 7, "how": "tcpdump, server.pcap: tcp[13] & 0x10: 0"}],
            "kernel": "6.1.0",
            "programs": {"nft": "1.0.6", "tcpdump": "4.99.3"},
        },
        views={"a.pcap": ["one line"], "b.pcap": ["another"], "c.pcap": ["one line"]},
        day=date(2026, 3, 4),
    )


def test_a_certificate_says_what_was_planted_seen_and_how_it_was_made() -> None:
    text = certificate(birth(diamond(UPPER), note="The maker's word."))
    assert text.startswith(
        "# asymmetric-bypass/somewhere\n\nTheory: `asymmetric-bypass`. Replies skip the firewall.\n\n## Planted\n\n"
        "The maker's word.\n\nThere: client - left - upper - right - server. Back: server."
    )
    assert "`a.pcap`, `c.pcap`\n\n- one line\n\n`b.pcap`\n\n- another\n" in text
    assert "- ACKs die: 7 (tcpdump, server.pcap)\n" in text
    assert "`tools/case.py tests/cases/asymmetric-bypass/somewhere` on 2026-03-04" in text
    assert "Linux 6.1.0, nft 1.0.6, tcpdump 4.99.3." in text
    assert text.endswith("Licence: Apache-2.0, like the project.\n")


def test_a_certificate_says_what_sets_the_network_apart() -> None:
    far = End(node="far", interface="eth0")
    links = [
        Link(a=far, b=far, mtu=1400, vlan=7, there=Quality(latency_ms=2.5, loss=0.1), back=Quality(rate_kbit=100)),
        Link(a=far, b=far, there=Quality(reorder=0.2, duplicate=0.3), back=Quality(reorder=0.2, duplicate=0.3)),
        Link(a=far, b=far, inspection=Inspection(names=["www.example"], answer="reset")),
    ]
    sound = diamond(
        Route(node="left", to="default", via="10.0.2.2", table=9, mtu=1300),
        Route(node="left", to="default6", kind="blackhole", table=9),
        rules=[Rule(node="left", table=9, source="10.0.0.0/24", protocol="tcp", coming_in="to-client")],
    )
    nodes = [
        Node(
            name="far", settings={"net.ipv4.tcp_syncookies": 0}, filter="table ip f {\n    \n    chain c {\n    }\n}\n"
        )
    ]
    network = Network(nodes=nodes, links=[*sound.links, *links], routes=sound.routes, rules=sound.rules)
    text = certificate(birth(network))
    for line in (
        "- left: packets of tcp from 10.0.0.0/24 coming in by to-client are looked up in table 9\n",
        "- left: table 9: default via 10.0.2.2, MTU 1300\n- left: table 9: default6 blackhole\n",
        "- far: `net.ipv4.tcp_syncookies = 0`\n",
        "- far - far: MTU 1400\n- far - far: VLAN 7\n- far - far: there, latency 2.5 ms, loss 0.1\n",
        "- far - far: back, 100 kbit/s\n- far - far: both ways, reordering 0.2, duplication 0.3\n",
        "- far - far: an inspector of TLS that answers what names www.example: reset\n",
        "The filter of far:\n\n```\ntable ip f {\n    chain c {\n    }\n}\n```\n",
    ):
        assert line in text
    assert "table 254" not in text


def test_a_case_begins_as_a_recipe_with_a_name_of_its_own() -> None:
    recipe = scenario_of("port-closed", {"ip": "6"}, seed=5, mended=False)
    text = case.begun(recipe, "here", ["ip=6"])
    assert note_of(text) == "From `bothways lab show port-closed --set ip=6 --seed 5`."
    scenario = case.scenario_in(text, "scenario.toml")
    assert scenario.name == "here"
    assert "counters" not in text
    assert (scenario.network, scenario.visits, scenario.truth) == (recipe.network, recipe.visits, recipe.truth)


def test_hosts_are_asked_for_their_counters_only_where_the_file_says_so() -> None:
    assert case.scenario_in(LITTLE, "little.toml").counters == []
    assert case.scenario_in(f'counters = ["server"]\n{LITTLE}', "little.toml").counters == ["server"]


def test_a_runs_evidence_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "folder"
    for file in (
        *(made / name for name in ("client.pcap", "truth.json", "connections.log", "firewall.conntrack-stats.txt")),
        made / "routers" / "core.json",
        *(folder / name for name in ("client.pcap", "curl.log", "README.md", "case.toml", "scenario.toml")),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.parent.name)
    case.take(made, folder)
    left = {file.name: file.read_text() for file in folder.iterdir()}
    assert left == {"client.pcap": "made", "truth.json": "made", "case.toml": "folder", "scenario.toml": "folder"}


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty collection of its own."""
    cases = tmp_path / "tests" / "cases"
    cases.mkdir(parents=True)
    monkeypatch.setattr(case, "TOP", tmp_path)
    monkeypatch.setattr(case, "CASES", cases)
    return cases


def test_called_alone_it_lists_the_cases_that_can_be_made_again(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b/one", "a/two", "a/without"):
        (collection / name).mkdir(parents=True)
        if "without" not in name:
            (collection / name / "scenario.toml").touch()
    assert case.main([]) == 0
    assert capsys.readouterr().out == "a/two\nb/one\n"


def test_nothing_is_made_outside_of_the_collection(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (collection.parent, collection / "theory", collection / "theory" / "name" / "inside"):
        assert case.main([str(place), "--from", "healthy"]) == 2
        assert "is no place for a case" in capsys.readouterr().err
    assert not list(collection.iterdir())


def test_a_scenario_is_never_written_over(collection: Path) -> None:
    folder = collection / "healthy" / "here"
    case.begin(folder, "healthy", settings=["shape=idle"], seed=3)
    before = (folder / "scenario.toml").read_text()
    with pytest.raises(CallError, match="is there already"):
        case.begin(folder, "healthy", settings=[], seed=4)
    assert (folder / "scenario.toml").read_text() == before


def test_without_a_scenario_or_its_truth_there_is_no_case(collection: Path) -> None:
    folder = collection / "healthy" / "here"
    folder.mkdir(parents=True)
    with pytest.raises(CallError, match="say --from"):
        case.make(folder)
    (folder / "scenario.toml").write_text(LITTLE)
    with pytest.raises(CallError, match=r"\[truth\]"):
        case.make(folder)


@pytest.mark.parametrize("words", [["--set", "ip=6"], ["--seed", "3"], ["--from", "healthy"]])
def test_a_call_that_makes_no_sense_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        case.main(words)
    assert "--from" in capsys.readouterr().err


@pytest.mark.lab
@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed (packages.txt)")
def test_a_case_is_made_from_a_run(collection: Path) -> None:
    folder = collection / "healthy" / "little"
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text(f"# A network of three.\n{LITTLE}{TRUTH}")
    (folder / "old.pcap").touch()
    assert case.main([str(folder)]) == 0
    made = {file.name for file in folder.iterdir()}
    assert made >= {"client.pcap", "server.pcap", "outbound.mtr.txt", "curl.log", "truth.json", "scenario.toml"}
    assert not made & {"old.pcap", "connections.log", "client.ss.txt", "server.nstat.txt"}
    told = (folder / "README.md").read_text()
    assert "A network of three.\n\nThere: client - router - server. Back: server - router - client." in told
    assert "port 80: there SYN 0.00; back SYN+ACK" in told
    truth = json.loads((folder / "truth.json").read_text())
    assert f"- the server answers: {truth['observed'][0]['count']} (tcpdump, client.pcap)" in told
