"""A monitor's log as a file among others."""

from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.errors import CallError
from bothways.evidence.case import Kind
from bothways.host.gather import gather
from bothways.host.hints import word

FIELDS = "ts id.orig_h id.orig_p id.resp_h id.resp_p proto conn_state history orig_bytes resp_bytes"
HEADER = "#path\tconn\n#fields\t" + FIELDS.replace(" ", "\t") + "\n"
REFUSED = "1795370433.250000\t10.0.0.2\t40000\t192.0.2.2\t443\ttcp\tREJ\tSr\t0\t0\n"


def test_a_log_alone_can_be_judged(tmp_path: Path) -> None:
    (tmp_path / "conn.log").write_text(HEADER + REFUSED)
    case = gather([str(tmp_path)], said=word((), ()))
    (file,) = case.files
    assert (file.kind, file.read, file.problems) == (Kind.FLOWS, (("lines", 3),), ())
    (target,) = diagnose(case).targets
    assert (target.failed, str(target.facts[0].cites[0]).rpartition("/")[2]) == (1, "conn.log line 3")


def test_where_it_was_taken_is_no_question_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "conn.log"
    log.write_text(HEADER + REFUSED)
    with pytest.raises(CallError, match="a monitor's log of connections"):
        gather([str(log)], said=word([f"{log}=client"], ()))
