"""Scenarios as files."""

import textwrap
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bothways.errors import InputError
from bothways.lab.model import file
from bothways.lab.model.checked import completed
from bothways.lab.model.file import read, write
from bothways.lab.model.network import End, Inspection, Link, Name, Network, Node, Quality, Route, Rule
from bothways.lab.model.scenario import Scenario, Sign, Truth, Where
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.catalogue import RECIPES

SMALLEST = textwrap.dedent(str(file.__doc__).partition("the rest):\n")[2])
"""What the module's own description shows."""


def again(scenario: Scenario) -> Scenario:
    return read(write(scenario).encode(), "again.toml")


def test_the_smallest_useful_file_is_short_and_complete() -> None:
    assert len(SMALLEST.splitlines()) <= 22
    scenario = read(SMALLEST.encode(), "/home/somebody/first-try.toml")
    assert scenario.name == "first-try"
    assert [route.to for route in scenario.network.routes] == ["default", "default"]
    assert scenario.visits[0].to == "203.0.113.2"
    assert [capture.name for capture in scenario.captures] == ["client", "server"]
    assert again(scenario) == scenario


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_can_be_written_and_read_again(recipe: Any) -> None:
    for seed, variant in enumerate(recipe.variants()):
        scenario = recipe.scenario(recipe.order(variant, seed=seed))
        assert again(scenario) == scenario


words = st.text("abz019", min_size=1, max_size=9) | st.just("a-b")
chances = st.floats(0, 1)
text = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        '"""',
        "\\",
        "\r\n",
        "\n",
        "a\r\nb",
        "a\n\nb\n",
        "'",
        '\n"',
        "\n\\",
        " \n ",
        "\x00\n",
        "\x7f",
        "\ufeff",
        "\u2028\n",
    ]
)
qualities = st.none() | st.builds(
    Quality,
    latency_ms=st.floats(0, 5000),
    loss=chances,
    reorder=chances,
    duplicate=chances,
    rate_kbit=st.none() | st.integers(1, 10**8),
    queue=st.integers(1, 10**5),
)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Three nodes in a row, with all else as it comes."""
    names = draw(st.lists(words, min_size=3, max_size=3, unique=True))
    settings = st.dictionaries(
        st.sampled_from(["net.ipv4.ip_forward", "net.ipv6.conf.all.mtu"]), st.integers(0, 9) | words
    )
    filters = text.filter(lambda said: "include" not in said)
    nodes = [
        Node(name=name, router=draw(st.booleans()), settings=draw(settings), filter=draw(filters)) for name in names
    ]
    links = [
        Link(
            a=End(node=names[number], interface="right", addresses=[f"10.0.{number}.1/24", f"fd00:{number}::1/64"]),
            b=End(node=names[number + 1], interface="left", addresses=[f"10.0.{number}.2/24"]),
            mtu=draw(st.none() | st.integers(1280, 9000)),
            vlan=draw(st.none() | st.integers(1, 4094)),
            there=draw(qualities),
            back=draw(qualities),
            inspection=draw(st.none() | st.builds(Inspection, names=st.lists(words, max_size=2))),
        )
        for number in range(2)
    ]
    port = st.integers(1, 65535)
    visit = st.builds(
        Visit,
        node=st.just(names[0]),
        to=st.sampled_from(["10.0.1.2", "fd00:1::1", names[2]]),
        port=port,
        idle_s=st.floats(0, 3600),
        patience_s=st.floats(0.1, 3600),
        does=st.sampled_from(get_args(Visit.__annotations__["does"])),
    )
    return Scenario(
        name=draw(words),
        says=draw(text),
        network=Network(
            nodes=nodes,
            links=links,
            routing=draw(st.sampled_from(["shortest", "written", None])),
            routes=draw(st.sampled_from([[], [Route(node=names[0], to="default", via="10.0.0.2", mtu=1300)]])),
            rules=draw(st.lists(st.builds(Rule, node=st.sampled_from(names), table=st.integers(1, 200)), max_size=2)),
            names=[Name(address="10.0.0.1", name=word) for word in draw(st.lists(words, max_size=3))],
        ),
        services=draw(
            st.lists(
                st.builds(Service, node=st.just(names[2]), port=port, names=st.lists(words, max_size=2)),
                max_size=3,
                unique_by=lambda service: service.port,
            )
        ),
        visits=draw(st.lists(visit, max_size=2)),
        signs=[
            Sign(says=draw(text), match=said, ruleset=names[1])
            for said in draw(st.lists(text.filter(lambda said: not said.startswith("-")), max_size=2))
        ],
        truth=draw(
            st.none()
            | st.builds(
                Truth,
                theory=words,
                says=text,
                client=text,
                server=text,
                port=port,
                control=st.none() | text,
                firewall=st.lists(text, max_size=2),
                where=st.none() | st.just(Where(way="back", between=[names[0]], addresses=["10.0.0.1"])),
            )
        ),
        seed=draw(st.integers(0, 2**63 - 1)),
        parameters=draw(st.dictionaries(text, text, max_size=3)),
        mended=draw(st.booleans()),
    )


@given(scenarios())
def test_what_is_written_is_read_as_the_same(scenario: Scenario) -> None:
    whole = completed(scenario)
    assert again(whole) == whole


@given(scenarios())
def test_what_is_written_is_plain_toml(scenario: Scenario) -> None:
    """As another reader sees it, even incomplete."""
    assert msgspec.toml.decode(write(scenario)) == msgspec.to_builtins(scenario)


def test_a_ruleset_is_written_on_lines_of_its_own_and_a_table_of_routes_line_by_line() -> None:
    recipe = next(recipe for recipe in RECIPES if recipe.name == "asymmetric-bypass")
    scenario = recipe.scenario(recipe.order({}))
    lines = write(scenario).splitlines()
    assert 'filter = """' in lines
    assert "    chain forward {" in lines
    assert any(line.startswith('  { node = "client", to = "default", via = "') for line in lines)
    assert lines.count("[[network.links]]") == len(scenario.network.links)
    assert lines.count("[[network.nodes]]") == len(scenario.network.nodes)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("name = ", r"^x\.toml: not TOML: invalid value \(at end of document\)$"),
        ("[" * 10_000, r"^x\.toml: not TOML: "),
        ("a = " + "[" * 10_000, r"^x\.toml: not TOML: "),
        ("a = " + "9" * 10_000, r"^x\.toml: not TOML: "),
        ("name = 'x'", r"^x\.toml: the file: object missing required field `network`$"),
        ("[network]\nnodes = []\nlinks = []\nnods = []", r"^x\.toml: network: object contains unknown field `nods`$"),
        (
            "[network]\nlinks = []\nnodes = [{name = 7}]",
            r"^x\.toml: network\.nodes\[0\]\.name: expected `str`, got `int`$",
        ),
        (
            "[network]\nlinks = []\nnodes = []\nrouting = 'ospf'",
            r"^x\.toml: network\.routing: invalid enum value 'ospf'$",
        ),
        ("[network]\nlinks = []\nnodes = [{name = 'A'}]", r"^x\.toml: network\.nodes\[0\]\.name: 'A' must be "),
        ("[network]\nlinks = []\nnodes = [{name = 'a'}]\nrouting = 1979-05-27", r"^x\.toml: network\.routing: "),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(said: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read(said.encode(), "x.toml")
    assert len(str(refused.value)) < 400


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match=r"^x: not TOML: "):
        read(b"\xff\xfe", "x")


def test_a_very_long_file_is_refused_unread() -> None:
    with pytest.raises(InputError, match=r"^x: longer than 1,000,000 bytes$"):
        read(b"#" * 1_000_001, "x")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b"network = 1")
@example(b"network = {}")
@example(b"network = {nodes = 1, links = 2}")
@example(b"name = {}")
def test_any_bytes_are_a_scenario_or_an_error_with_the_files_name(said: bytes) -> None:
    with pytest.raises(InputError, match=r"^some/file\.toml: "):
        read(said, "some/file.toml")


@pytest.mark.parametrize("name", [".toml", "../..", "a b.toml"])
def test_a_files_name_that_can_be_no_scenarios_is_said_so(name: str) -> None:
    with pytest.raises(InputError, match=r"name: .* must be a plain file name"):
        read(SMALLEST.encode(), name)
    named = f'name = "hello"\n{SMALLEST}'
    assert read(named.encode(), name).name == "hello"


def test_a_single_node_is_a_network() -> None:
    alone = Scenario(name="alone", network=Network(nodes=[Node(name="a")], links=[]))
    assert again(completed(alone)) == completed(alone)
