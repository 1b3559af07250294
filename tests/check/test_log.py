"""The log of a check as it is written: a person can read it, and its lines stay together."""

import io
import json
from threading import Thread

from bothways.check.log import CheckLog
from bothways.states import check_log
from tests.helpers.checked import BEGAN, log_of, reply, shot, socket, trace


def test_the_first_line_says_what_it_is_and_when_it_began() -> None:
    first = json.loads(log_of().partition("\n")[0])
    assert first["bothways-check"] == 1
    assert first["began"] == "2026-11-22T17:53:20.000000000Z"


def test_each_probe_has_a_line_of_its_own_that_names_its_trace() -> None:
    lines = [json.loads(line) for line in log_of(socket(), trace(shot(1, reply("10.0.0.1")), shot(2))).splitlines()]
    assert [one.get("record") for one in lines] == [None, "socket", "trace", "shot", "shot"]
    assert [one["trace"] for one in lines[3:]] == [3, 3]
    assert "shots" not in lines[2]


def test_traces_that_are_written_at_once_do_not_mix() -> None:
    file = io.BytesIO()
    log = CheckLog(file, began=BEGAN)
    traces = [trace(*(shot(ttl, at=ttl) for ttl in range(1, 30)), size=60 + number) for number in range(8)]
    writers = [Thread(target=log.trace, args=(one,)) for one in traces]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    reading = check_log.read(file.getvalue().decode(), file="check.jsonl")
    assert not reading.problems
    assert [[it.ttl for it in one.shots] for one in reading.content.probes.traces] == [list(range(1, 30))] * 8
