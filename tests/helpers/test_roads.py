"""The judge of alignments: what counts as a hint, as a stray, and as a wrong pair."""

import json
from pathlib import Path

import pytest

from tests.helpers.road_truth import Hint
from tests.helpers.roads import judged

OWNED = {
    "r1": ["192.0.2.1", "10.0.0.9"],
    "r2": ["10.0.0.33", "198.18.0.4"],
    "r3": ["198.18.0.5", "198.18.1.20"],
    "r4": ["198.18.1.90", "198.18.2.7"],
    "r5": ["198.18.2.99", "203.0.113.1"],
}
NAMES = {
    "192.0.2.1": ("eth0.gw1.orchard.example", "gw1.orchard.example"),
    "10.0.0.9": ("eth1.gw1.orchard.example", "gw1.orchard.example"),
    "198.18.2.99": ("core.orchard.example", None),
    "203.0.113.1": ("core.orchard.example", None),
}
THERE = ["192.0.2.1", "10.0.0.33", "198.18.0.5", "198.18.1.90", "198.18.2.99", "203.0.113.9"]
BACK = ["203.0.113.1", "198.18.2.7", "198.18.1.20", "198.18.0.4", "10.0.0.9", "192.0.2.8"]


def _report(addresses: list[str]) -> str:
    called = {address: name for address, (name, _) in NAMES.items()}
    shown = [f"{called[address]} ({address})" if address in called else address for address in addresses]
    lines = [f"{index:3}.|-- {one:42} 0.0% 1 1.0 1.0 1.0 1.0 0.0" for index, one in enumerate(shown, start=1)]
    title = f"HOST: desk {'':34} Loss% Snt Last Avg Best Wrst StDev"
    return "\n".join(["Start: 2026-11-23T03:23:59+0000", title, *lines, ""])


def _folder(folder: Path, there: list[str], back: list[str], owned: dict[str, list[str]] = OWNED) -> Path:
    routers = {
        name: {"answers": "incoming", "silent": "nobody", "limited": False, "addresses": addresses, "style": "none"}
        for name, addresses in owned.items()
    }
    told = {
        "road": 1,
        "ip": 4,
        "client": "192.0.2.8",
        "client_seen": "192.0.2.8",
        "server": "203.0.113.9",
        "there": [[name] for name in OWNED],
        "back": [[name] for name in reversed(OWNED)],
        "inside": [],
        "stretches": ["shared"],
        "routers": routers,
        "names": {address: {"name": name, "device": device} for address, (name, device) in NAMES.items()},
        "delayed": 0,
        "translated": False,
    }
    (folder / "truth.json").write_text(json.dumps(told))
    (folder / "outbound.txt").write_text(_report(there))
    (folder / "inbound.txt").write_text(_report(back))
    return folder


def test_each_router_is_counted_by_what_lets_one_tell(tmp_path: Path) -> None:
    verdict = judged(_folder(tmp_path, THERE, BACK))
    assert {one.router: one.hint for one in verdict.routers} == {
        "r1": Hint.NAMES,
        "r2": Hint.SUBNETS,
        "r3": Hint.SUBNETS,
        "r4": Hint.NEITHER,
        "r5": Hint.NEITHER,
    }
    assert verdict.strays == ()
    assert verdict.traits["lengths"] == "equal"


def test_a_router_that_did_not_answer_on_both_ways_is_not_counted(tmp_path: Path) -> None:
    there = [*THERE[:3], "???", *THERE[4:]]
    verdict = judged(_folder(tmp_path, there, BACK))
    assert "r4" not in {one.router for one in verdict.routers}


def test_a_router_that_shows_one_address_on_both_ways_is_hinted_by_that(tmp_path: Path) -> None:
    verdict = judged(_folder(tmp_path, THERE, [BACK[0], "198.18.1.90", *BACK[2:]]))
    (hint,) = (one.hint for one in verdict.routers if one.router == "r4")
    assert hint is Hint.ADDRESS


def test_a_reply_of_an_address_that_nobody_has_there_is_a_stray(tmp_path: Path) -> None:
    verdict = judged(_folder(tmp_path, [THERE[1], *THERE[1:]], BACK))
    assert verdict.strays == ("there 1: 10.0.0.33",)


@pytest.mark.parametrize("alone", [True, False])
def test_two_routers_that_a_name_makes_one_are_a_wrong_pair(tmp_path: Path, *, alone: bool) -> None:
    lying = {**OWNED, "r1": ["192.0.2.1"], "r9": ["10.0.0.9"]}
    folder = _folder(tmp_path, THERE, BACK, lying)
    told = json.loads((folder / "truth.json").read_text())
    told["back"][-1] = ["r9"]
    (folder / "truth.json").write_text(json.dumps(told))
    verdict = judged(folder, alone=alone)
    assert verdict.claimed > 0
    assert [wrong for wrong in verdict.wrong if "gw1" in wrong] == [
        "there 1 eth0.gw1.orchard.example and back 5 eth1.gw1.orchard.example (r1, r9)"
    ]
    assert not {"r1", "r9"} & {one.router for one in verdict.routers}
