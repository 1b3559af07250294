"""The log of a check, read back: what was written stands in it, and nothing that a stranger wrote does harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.attempt import Outcome, Said
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.path_report import Mark
from bothways.evidence.probing import Came, Sends
from bothways.evidence.socket import SocketState
from bothways.states import READERS, check_log
from tests.helpers.checked import BEGAN, CLIENT, SERVER, SITE, attempt, log_of, reply, shot, socket, trace
from tests.helpers.mangled import mangled

HEAD = '{"bothways-check":1,"version":"0.1.0","began":"2026-11-22T18:33:20.000000000Z"}\n'
EVERYTHING = log_of(
    attempt(Outcome.STALLED, said=Said.HELLO, said_name=SITE, sent=517, received=0),
    socket(),
    trace(shot(1, reply("10.0.0.1", ttl=64)), shot(2), shot(3, reply("192.0.2.2", Came.SYN_ACK, ttl=61))),
    trace(shot(1, reply("10.0.0.1")), sends=Sends.INSIDE_ACK),
)


def line_of(record: str, **values: object) -> str:
    return json.dumps({"record": record, **values}) + "\n"


def test_its_reader_is_chosen_by_the_first_line() -> None:
    chosen = next(name for name, _, recognises, _ in READERS if recognises(EVERYTHING))
    assert chosen == "the log of a check"
    assert not check_log.recognises('{"record":"attempt"}\n' + HEAD)


def test_every_part_is_read_with_the_lines_at_which_it_stands() -> None:
    reading = check_log.read(EVERYTHING, file="check.jsonl")
    content = reading.content
    assert not reading.problems
    assert [(one.line, one.outcome_line, one.source, one.sent) for one in content.attempts.attempts] == [
        (2, 2, CLIENT, 517)
    ]
    assert [(one.line, one.peer) for one in content.sockets.sockets] == [(3, SERVER)]
    assert [(one.line, one.sends, [(it.line, it.ttl) for it in one.shots]) for one in content.probes.traces] == [
        (4, Sends.SYN, [(5, 1), (6, 2), (7, 3)]),
        (8, Sends.INSIDE_ACK, [(9, 1)]),
    ]


def test_a_trace_of_fresh_syns_is_a_path_report_and_one_inside_a_connection_is_none() -> None:
    (path,) = check_log.read(EVERYTHING, file="check.jsonl").content.paths
    report = path.report
    assert (report.probe, report.source_address, report.destination_address, report.port) == (
        "tcp-syn",
        "10.0.0.2",
        "192.0.2.2",
        443,
    )
    assert [[it.address for it in hop.replies] for hop in report.hops] == [["10.0.0.1"], [], ["192.0.2.2"]]
    assert [hop.line for hop in report.hops] == [5, 6, 7]
    assert report.reached is True


def test_a_path_ends_where_its_end_first_answers() -> None:
    text = log_of(trace(*(shot(ttl, reply("192.0.2.2", Came.RESET)) for ttl in (2, 3, 4)), shot(1)))
    (path,) = check_log.read(text, file="check.jsonl").content.paths
    assert [hop.index for hop in path.report.hops] == [1, 2]


def test_a_router_that_refuses_is_marked_and_is_not_the_end() -> None:
    text = log_of(trace(shot(1, reply("10.0.0.1", Came.UNREACHABLE, mark=Mark.PROHIBITED))))
    (path,) = check_log.read(text, file="check.jsonl").content.paths
    assert path.report.hops[0].replies[0].marks == (Mark.PROHIBITED,)
    assert path.report.reached is False


def test_an_error_of_nobody_known_is_neither_a_router_nor_a_silence() -> None:
    text = log_of(trace(shot(1, reply(None, Came.ERROR)), shot(2, reply("10.0.0.9"))))
    (path,) = check_log.read(text, file="check.jsonl").content.paths
    assert [(hop.replies, hop.sent, hop.loss) for hop in path.report.hops[:1]] == [((), None, None)]
    assert check_log.read(log_of(trace(shot(1, reply(None, Came.ERROR)))), file="x").content.paths == ()


def test_routers_of_which_the_kernel_tells_no_address_are_not_reported_as_silent_ones() -> None:
    server = reply(SERVER.address, Came.SYN_ACK)
    nameless = log_of(trace(shot(1, reply(None, Came.ERROR)), shot(2, server)))
    assert check_log.read(nameless, file="x").content.paths == ()
    (path,) = check_log.read(log_of(trace(shot(1, server))), file="x").content.paths
    assert path.report.reached is True


def test_the_loss_at_a_distance_counts_probes_and_not_replies() -> None:
    shots = (shot(1, reply("10.0.0.1"), reply("10.0.0.1"), at=1), shot(1, at=2))
    (path,) = check_log.read(log_of(trace(*shots)), file="check.jsonl").content.paths
    assert (path.report.hops[0].sent, path.report.hops[0].loss) == (2, 0.5)


def test_of_a_socket_that_was_looked_at_twice_the_last_look_counts() -> None:
    text = log_of(socket(state=SocketState.SYN_SENT), socket(state=SocketState.ESTABLISHED))
    (one,) = check_log.read(text, file="check.jsonl").content.sockets.sockets
    assert (one.state, one.line) == (SocketState.ESTABLISHED, 3)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no json\n", "no JSON object"),
        ("[1, 2]\n", "no JSON object"),
        ("[" * 100_000 + "\n", "no JSON object"),
        (line_of("tale"), "a record of an unknown kind, tale"),
        (line_of("attempt", port="443"), "this attempt was left out"),
        (line_of("shot", trace=7, ttl=1, at=1), "the trace that it is of does not stand before it"),
        (line_of("shot", ttl=1, at=1), "it does not say of which trace it is"),
        (line_of("\x1b[2Jtale"), "\\x1b[2Jtale"),
        ('{"record":"shot","trace":2,"ttl":1,"at":' + "9" * 5000 + "}\n", "this"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_spoils_no_other(line: str, says: str) -> None:
    rest = EVERYTHING.partition("\n")[2].partition("\n")[0] + "\n"
    reading = check_log.read(HEAD + line + rest, file="check.jsonl")
    assert [says in problem.says and problem.line == 2 for problem in reading.problems] == [True]
    assert len(reading.content.attempts.attempts) == 1


BAD_SHOTS = [
    {"ttl": 0},
    {"ttl": 256},
    {"ttl": True},
    {"at": -1},
    {"at": 1 << 70},
    {"replies": [{"came": "reset", "sender": "not an address", "after": 1}]},
    {"replies": [{"came": "reset", "sender": None, "after": -1}]},
    {"replies": [{"came": "miracle", "sender": None, "after": 1}]},
    {"replies": [{"came": "reset", "sender": None, "after": 1, "quoted": {"source_port": 70_000}}]},
]


@pytest.mark.parametrize("wrong", BAD_SHOTS)
def test_a_probe_that_cannot_have_been_is_left_out(wrong: dict[str, object]) -> None:
    sound = {"trace": 2, "ttl": 1, "at": int(BEGAN), "replies": []}
    traced = line_of("trace", sends="syn", source=["10.0.0.2", 1], destination=["192.0.2.2", 443], size=60)
    text = HEAD + traced + line_of("shot", **{**sound, **wrong}) + line_of("shot", **sound)
    reading = check_log.read(text, file="check.jsonl")
    assert [problem.line for problem in reading.problems] == [3]
    assert [one.line for one in reading.content.probes.traces[0].shots] == [4]


@pytest.mark.parametrize(
    "ends",
    [
        {"source": ["10.0.0.2", 70_000]},
        {"source": ["10.0.0.2"]},
        {"source": ["2001:db8::1", 1]},
        {"destination": ["host", 443]},
        {"size": 3},
    ],
)
def test_a_trace_between_impossible_ends_is_left_out(ends: dict[str, object]) -> None:
    sound = {"sends": "syn", "source": ["10.0.0.2", 1], "destination": ["192.0.2.2", 443], "size": 60}
    reading = check_log.read(HEAD + line_of("trace", **{**sound, **ends}), file="check.jsonl")
    assert [problem.line for problem in reading.problems] == [2]
    assert reading.content.probes.traces == ()


def test_addresses_are_canonical_and_words_of_strangers_are_escaped() -> None:
    strange = attempt(name="\x1b[31mred", address="2001:DB8::0001", source=Endpoint("2001:DB8::2", 40000))
    (one,) = check_log.read(log_of(strange), file="check.jsonl").content.attempts.attempts
    assert (one.name, one.address, one.source) == ("\\x1b[31mred", "2001:db8::1", Endpoint("2001:db8::2", 40000))


def test_a_log_of_another_version_is_read_as_far_as_it_is_understood() -> None:
    text = EVERYTHING.replace('"bothways-check":1', '"bothways-check":2', 1)
    reading = check_log.read(text, file="check.jsonl")
    assert "another version" in reading.problems[0].says
    assert len(reading.content.attempts.attempts) == 1


def test_no_more_lines_are_read_than_a_check_may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_log, "MOST_LINES", 2)
    reading = check_log.read(EVERYTHING, file="check.jsonl")
    assert "the rest was left out" in reading.problems[0].says
    assert reading.content.probes.traces == ()


@given(mangled(EVERYTHING))
def test_mangled_logs_do_no_harm(text: str) -> None:
    reading = check_log.read(text, file="check.jsonl")
    assert all(1 <= one.ttl <= 255 for it in reading.content.probes.traces for one in it.shots)


@given(
    ttls=st.lists(st.integers(1, 255), max_size=8),
    ports=st.tuples(st.integers(1, 65535), st.integers(1, 65535)),
    name=st.none() | st.text("abc.-", min_size=1, max_size=20),
)
def test_what_was_written_is_read_back_as_it_was(ttls: list[int], ports: tuple[int, int], name: str | None) -> None:
    shots = tuple(shot(ttl, reply("10.0.0.1", ttl=60), at=place) for place, ttl in enumerate(ttls))
    written = trace(
        *shots, source=Endpoint("10.0.0.2", ports[0]), destination=Endpoint("192.0.2.2", ports[1]), name=name
    )
    (back,) = check_log.read(log_of(written), file="check.jsonl").content.probes.traces
    assert (back.source, back.destination, back.name, back.ended) == (
        written.source,
        written.destination,
        name,
        written.ended,
    )
    assert [(one.ttl, one.at, one.replies) for one in back.shots] == [(one.ttl, one.at, one.replies) for one in shots]
