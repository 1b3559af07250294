"""conn.log as Zeek's manual shows it: tab-separated values with header lines, and JSON lines.

The fields and their order are those of https://docs.zeek.org ("Zeek Log Formats and Inspection", "conn.log"), the
addresses those of documentation (RFC 5737, RFC 3849).
"""

import json

import pytest
from hypothesis import given

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.flow import Ending, Flow
from bothways.states import READERS, zeek
from tests.helpers.mangled import mangled

FIELDS = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig",
    "local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents",
)
NAMES = " ".join(FIELDS).split()
HEADER = "\n".join(
    [
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        "#path\tconn",
        "#open\t2026-11-22-18-00-00",
        "\t".join(["#fields", *NAMES]),
        "",
    ]
)


def row(
    *,
    ts: str = "1795370433.250000",
    ends: str = "10.0.0.2 40000 192.0.2.2 443",
    proto: str = "tcp",
    duration: str = "3.031999",
    sizes: str = "0 0",
    state: str = "S0",
    missed: str = "0",
    history: str = "S",
    packets: str = "3 0",
) -> list[str]:
    there, back = packets.split()
    return [
        *(ts, "CMdzit1AMNsmfAIiQc", *ends.split(), proto, "-", duration, *sizes.split(), state, "T", "F"),
        *(missed, history, there, "180", back, "0", "-"),
    ]


def tsv(*rows: list[str]) -> str:
    return HEADER + "".join("\t".join(one) + "\n" for one in rows) + "#close\t2026-11-22-19-00-00\n"


def as_json(one: list[str]) -> str:
    def typed(name: str, value: str) -> object:
        if name in {"ts", "duration"}:
            return float(value)
        return int(value) if value.isdigit() else value

    return json.dumps({name: typed(name, value) for name, value in zip(NAMES, one, strict=True) if value != "-"})


SYN = row()
WEB = row(
    ts="1795370434.000001",
    ends="2001:DB8::1 40001 2001:db8::2 80",
    duration="0.254115",
    sizes="77 295",
    state="SF",
    history="ShADadfF",
    packets="6 4",
)
DNS = row(ends="10.0.0.2 40002 192.0.2.53 53", proto="udp", state="SF", history="Dd", packets="1 1")
TSV = tsv(SYN, DNS, WEB)
JSON = "".join(as_json(one) + "\n" for one in (SYN, DNS, WEB))


def flows(text: str) -> tuple[Flow, ...]:
    reading = zeek.read(text, file="conn.log")
    assert not reading.problems
    return reading.content.flows


@pytest.mark.parametrize("text", [TSV, JSON, JSON.rstrip(), TSV[TSV.index("#path") :]])
def test_a_log_is_read_in_either_form(text: str) -> None:
    assert [name for name, _, recognises, _ in READERS if recognises(text)] == ["Zeek conn.log"]
    first, second = flows(text)
    assert zeek.read(text, file="conn.log").content.other == 1
    assert (first.client, first.server) == (Endpoint("10.0.0.2", 40000), Endpoint("192.0.2.2", 443))
    assert (first.first, first.last) == (1_795_370_433_250_000_000, 1_795_370_436_281_999_000)
    assert (first.ending, first.history, first.packets, first.payload) == (Ending.ATTEMPT, "S", (3, 0), (0, 0))
    assert first.complete
    assert (second.client.address, second.ending, second.history) == ("2001:db8::1", Ending.CLOSED, "ShADadfF")
    assert (second.first, second.payload) == (1_795_370_434_000_001_000, (77, 295))
    assert [text.splitlines()[flow.line - 1][:20].count("1795370") for flow in (first, second)] == [1, 1]


def test_columns_stand_in_any_order_and_number() -> None:
    names = ["proto", "id.resp_p", "id.resp_h", "id.orig_p", "id.orig_h", "ts", "history"]
    header = "\t".join(["#fields", *names])
    text = f"#path\tconn\n{header}\ntcp\t443\t192.0.2.2\t40000\t10.0.0.2\t1795370433.250000\tSr\n"
    (flow,) = flows(text)
    assert (flow.client, flow.history, flow.ending) == (Endpoint("10.0.0.2", 40000), "Sr", Ending.UNSAID)
    assert (flow.last, flow.packets, flow.payload) == (None, (None, None), (None, None))


def test_what_is_unset_is_unknown_and_not_nothing() -> None:
    (flow,) = flows(tsv(row(duration="-", sizes="- -", packets="- -", history="-", state="-", missed="-")))
    assert (flow.last, flow.packets, flow.payload, flow.history) == (None, (None, None), (None, None), "")
    assert flow.ending is Ending.UNSAID


@pytest.mark.parametrize(
    ("change", "by"), [("\t", "  "), ("\t", ","), ("\n", "\r\n"), ("#unset_field\t-", "#unset_field\tnone")]
)
def test_other_separators_and_line_ends_are_read(change: str, by: str) -> None:
    text = TSV.replace(change, by)
    if by == ",":
        text = text.replace("\\x09", "\\x2c")
    assert len(zeek.read(text, file="x").content.flows) == 2


def test_dates_with_a_zone_and_nested_or_renamed_ends_are_read() -> None:
    nested = json.loads(as_json(SYN))
    nested["ts"] = "2026-11-22T18:00:33.250000Z"
    nested["id"] = {name.removeprefix("id."): nested.pop(name) for name in list(nested) if name.startswith("id.")}
    renamed = {name.replace(".", "_"): value for name, value in json.loads(as_json(SYN)).items()}
    text = f'{json.dumps(nested)}\n{json.dumps(renamed)}\n{{"_path": "dns", "uid": "x"}}\n'
    assert zeek.recognises(text)
    assert {(flow.first, flow.client) for flow in flows(text)} == {
        (1_795_370_433_250_000_000, Endpoint("10.0.0.2", 40000))
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\t".join(SYN) + "\n" + "\t".join(WEB) + "\n", "#fields"),
        ("#path\tconn\n#fields\tts\tuid\tid.orig_h\tconn_state\n1\t2\t3\t4\n", "names no id.orig_p, id.resp_h"),
    ],
)
def test_a_log_whose_columns_are_not_named_is_refused_with_a_reason(text: str, says: str) -> None:
    assert zeek.recognises(text)
    reading = zeek.read(text, file="x")
    assert reading.content.flows == ()
    assert [says in problem.says for problem in reading.problems] == [True]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("\t".join(SYN[:-3]), "18 values where the header names 21"),
        ("\t".join(row(ts="soon")), "time"),
        ("\t".join(row(ts="2026-11-22T18:00:33")), "time"),
        ("\t".join(row(ends="10.0.0.2 40000 me 443")), "no end of a connection"),
        ("\t".join(row(ends="10.0.0.2 400000 192.0.2.2 443")), "no end of a connection"),
        ("\t".join(row(proto="-")), "no protocol"),
        ('{"ts": 1', "no JSON"),
        ('{"a":' * 3000, "no JSON"),
        ("\t".join(SYN) + "x" * 11_000, "longer"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str, says: str) -> None:
    reading = zeek.read(TSV + line + "\n", file="x")
    assert any(says in problem.says and problem.line == 12 for problem in reading.problems)
    assert len(reading.content.flows) in {2, 3}


@pytest.mark.parametrize("text", ["", "{}", '{"report": {}}', "#fields\tts\tuid\thost\n", "1795370433.250000 C x 1 y"])
def test_other_text_is_not_claimed(text: str) -> None:
    assert not zeek.recognises(text)
    assert zeek.read(text, file="x").content.flows == ()


@given(mangled(TSV, JSON))
def test_nothing_makes_it_fall(text: str) -> None:
    zeek.recognises(text)
    reading = zeek.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(flow.last is None or flow.last >= flow.first for flow in reading.content.flows)
