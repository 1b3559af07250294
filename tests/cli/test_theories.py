"""`bothways theories` as its users call it."""

import json
import os
import subprocess
import sys

import pytest

from bothways.cli.start import run
from bothways.facts.catalogue import FACTS
from bothways.theories.catalogue import THEORIES

Captured = pytest.CaptureFixture[str]


def said(capsys: Captured, *words: str) -> str:
    assert run(["theories", *words]) == 0
    return capsys.readouterr().out


def test_it_lists_every_theory(capsys: Captured) -> None:
    listed = said(capsys)
    assert all(f"  {theory.id} " in listed for theory in THEORIES)


def test_it_explains_one(capsys: Captured) -> None:
    explained = said(capsys, "sni-filtered", "--width", "80")
    assert explained.startswith("sni-filtered: a filter reads the server's name")
    assert "client" in explained
    assert "(stuck-content)" not in explained


def test_a_name_may_be_written_as_the_file_is_called(capsys: Captured) -> None:
    assert said(capsys, "SNI_filtered") == said(capsys, "sni-filtered")


def test_it_tells_what_one_expects_of_the_facts(capsys: Captured) -> None:
    assert "(stuck-content)" in said(capsys, "sni-filtered", "--facts", "--width", "100")


def test_it_lists_the_facts(capsys: Captured) -> None:
    listed = said(capsys, "--facts")
    assert all(f"{kind.id}: " in listed for kind, _ in FACTS)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("asymetric-bypas", "did you mean asymmetric-bypass"),
        ("sni", "did you mean sni-filtered?"),
        ("zzzz", "bothways theories lists them"),
        ("", "bothways theories lists them"),
        ("unexplained", "stands for every cause that bothways does not know"),
    ],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_an_unknown_name_is_a_wrong_call_that_suggests_others(
    name: str, hint: str, as_json: list[str], capsys: Captured
) -> None:
    assert run(["theories", name, *as_json]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert hint in err
    assert err.count("\n") == 1


def test_the_documents_say_the_same(capsys: Captured) -> None:
    listed = json.loads(said(capsys, "--json"))
    assert listed["schema"] == 1
    assert [entry["id"] for entry in listed["theories"]] == [theory.id for theory in THEORIES]
    one = json.loads(said(capsys, "asymmetric-bypass", "--json"))["theory"]
    assert {"packet": "SYN", "way": "there", "start": "client", "end": "server"}.items() <= one["ladder"]["rungs"][
        0
    ].items()
    assert [part["about"] for part in one["sections"]["What it leaves behind"]][:2] == ["Client", "Server"]
    assert {"firewall-state": "bypassed", "seen-at-server": "syn"} in one["proofs"]
    expects = {entry["kind"]: entry["answers"] for entry in one["expects"]}
    assert expects["server-took-ack"] == {"taken": "never", "not-taken": "always"}
    facts = json.loads(said(capsys, "--facts", "--json"))["facts"]
    assert {"kind": "server-took-ack", "answers": ["taken", "not-taken"]}.items() <= next(
        fact for fact in facts if fact["kind"] == "server-took-ack"
    ).items()


def bothways(*words: str, **environment: str) -> str:
    call = [sys.executable, "-m", "bothways", *words]
    done = subprocess.run(call, capture_output=True, check=True, env=os.environ | environment)
    return done.stdout.decode()


def test_a_terminal_that_knows_ascii_only_gets_ascii() -> None:
    assert bothways("theories", "port-closed", PYTHONIOENCODING="ascii").isascii()
    assert "►" in bothways("theories", "port-closed", PYTHONIOENCODING="utf-8")


def test_a_shell_completes_the_names() -> None:
    completed = bothways(_BOTHWAYS_COMPLETE="complete_bash", COMP_WORDS="bothways theories a", COMP_CWORD="2")
    assert set(completed.split()) == {theory.id for theory in THEORIES if theory.id.startswith("a")}
