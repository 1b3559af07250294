"""The log of a check among the files of a case: one file, and evidence of several kinds."""

from pathlib import Path

from bothways.evidence.case import Kind
from bothways.evidence.probing import Sends
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.way import Way
from tests.helpers.checked import CONTROL, attempt, log_of, reply, shot, socket, trace


def test_one_file_gives_attempts_sockets_traces_and_paths(tmp_path: Path) -> None:
    text = log_of(
        attempt(),
        socket(),
        trace(shot(1, reply("10.0.0.1"))),
        trace(shot(1, reply("10.0.0.1")), destination=CONTROL, control=True),
        trace(shot(1, reply("10.0.0.1")), sends=Sends.INSIDE_ACK),
    )
    (tmp_path / "check.jsonl").write_text(text, encoding="utf-8")
    case = gather([str(tmp_path)], said=word((), ()))
    assert [(file.kind, file.read, file.role.vantage) for file in case.files] == [
        (Kind.CHECK, (("lines", 9),), "client")
    ]
    assert len(case.attempts[0].attempts) == 1
    assert case.sockets[0].role.vantage == "client"
    assert len(case.probes[0].traces) == 3
    assert [(one.role.way, one.role.control) for one in case.paths] == [(Way.THERE, False), (Way.THERE, True)]
