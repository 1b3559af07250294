import json
from pathlib import Path

import pytest

from bothways.cli.assumptions import ASSUMABLE, assumed, complete
from bothways.cli.start import run
from bothways.errors import CallError
from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.assumed import Assumed
from tests.helpers import evidence_files as made

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def failing(tmp_path: Path) -> str:
    return str(made.capture(tmp_path / "client.pcap", made.timing_out()))


def test_an_answer_is_read() -> None:
    taken = Assumed(kind=SERVER_TOOK_ACK, answer=Took.TAKEN)
    assert assumed(["server-took-ack=taken", "server-took-ack=taken"]) == (taken,)


@pytest.mark.parametrize("value", ["", "=", "taken", "server-took-ack", "no-such=taken", "\x1b[2J=x"])
def test_what_is_no_fact_is_refused_with_those_that_there_are(value: str) -> None:
    with pytest.raises(CallError) as refused:
        assumed([value])
    assert "\x1b" not in str(refused.value)
    if value != "server-took-ack":
        assert all(kind.id in str(refused.value) for kind in ASSUMABLE)


def test_a_slip_of_the_pen_is_met_with_the_nearest() -> None:
    with pytest.raises(CallError, match="did you mean server-took-ack"):
        assumed(["server-took-akc=taken"])


def test_what_is_no_answer_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CallError, match="Its answers are taken, not-taken"):
        assumed(["server-took-ack=perhaps"])


def test_one_kind_has_one_answer() -> None:
    with pytest.raises(CallError, match="contradict each other"):
        assumed(["server-took-ack=taken", "server-took-ack=not-taken"])


def test_nobody_may_say_whether_it_fails() -> None:
    with pytest.raises(CallError, match="is measured"):
        assumed(["health=failed"])


def test_a_shell_is_offered_kinds_then_answers() -> None:
    assert {f"{kind.id}=" for kind in ASSUMABLE} == {word for word, _ in complete("")}
    assert [word for word, _ in complete("server-took-ack=n")] == ["server-took-ack=not-taken"]
    assert [word for word, _ in complete("server-to")] == ["server-took-ack=taken", "server-took-ack=not-taken"]
    assert complete("no-such") == []


def test_the_document_cites_his_word_and_what_it_overrules(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", "--json", failing, "--assume", "server-took-ack=taken"]) == 1
    document = json.loads(capsys.readouterr().out)
    said, measured = [fact for fact in document["targets"][0]["facts"] if fact["kind"] == "server-took-ack"]
    assert said["assumed"]
    assert said["cites"] == [{"file": "by your word"}]
    assert measured["overruled"]
    assert measured["cites"]
    assert document["verdict"]["rests_on"] == ["server-took-ack=taken"]
    assert document["verdict"]["summary"].endswith("this rests on your word that server-took-ack=taken.")


def test_the_page_tells_what_he_says_and_what_was_measured(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", failing, "--width", "200", "--assume", "server-took-ack=taken"]) == 1
    page = " ".join(capsys.readouterr().out.split())
    assert "you say Did an ACK of the client complete the handshake? taken, which contradicts what was measured" in page
    assert "Your word was weighed" in page


def test_a_wrong_call_ends_with_2(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", failing, "--assume", "server-took-ack"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Its answers are taken, not-taken" in err
