"""What real programs printed in a network of namespaces (samples/README.md), read as what that network was."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.path_report import Mark, PathReport
from bothways.traces import READERS
from tests.helpers.mangled import mangled

SAMPLES = Path(__file__).parent / "samples"
TEXTS = {path.name: path.read_text() for path in sorted(SAMPLES.iterdir()) if path.name != "README.md"}
KINDS = {
    "csv": "mtr CSV",
    "xml": "mtr XML",
    "raw": "mtr raw output",
    "json": "mtr JSON",
    "split": "mtr split output",
    "tracepath": "tracepath",
    "traceroute": "traceroute",
}
ROUTERS = {1: {"10.0.1.1"}, 2: {"10.0.2.2", "10.0.3.2"}, 3: {"10.0.4.2"}, 4: {"10.0.6.2"}}
ROUTERS_V6 = {1: {"2001:db8:1::2"}, 2: {"2001:db8:2::2", "2001:db8:3::2"}, 3: set(), 4: {"2001:db8:6::2"}}
AT_LAST_ROUTER_SILENT = [name for name in TEXTS if name.startswith("mtr") and "split" not in name]


def kind(name: str) -> str:
    return next((kind for word, kind in KINDS.items() if word in name), "mtr report")


def reports(name: str) -> tuple[PathReport, ...]:
    (read,) = [read for what, _, read in READERS if what == kind(name)]
    reading = read(TEXTS[name], file=name)
    assert not reading.problems
    return reading.content


def one(name: str) -> PathReport:
    (report,) = reports(name)
    return report


@pytest.mark.parametrize("name", TEXTS)
def test_exactly_its_own_reader_recognises_it(name: str) -> None:
    assert [what for what, recognises, _ in READERS if recognises(TEXTS[name])] == [kind(name)]


@pytest.mark.parametrize("name", AT_LAST_ROUTER_SILENT)
def test_every_form_of_mtr_says_the_same_of_the_network(name: str) -> None:
    routers = ROUTERS_V6 if "v6" in name else ROUTERS
    for report in reports(name):
        assert [hop.index for hop in report.hops] == [1, 2, 3, 4]
        assert report.line is not None
        for hop in report.hops:
            answered = {reply.address for reply in hop.replies}
            assert answered <= routers[hop.index]
            assert bool(answered) == (hop.index != 3)
            assert hop.loss == (1.0 if hop.index == 3 else 0.0)
            assert hop.sent in {1, 2, 3, 4}
            assert all(reply.round_trips[:1] <= (300_000,) for reply in hop.replies)


@pytest.mark.parametrize("name", ["mtr.raw", "mtr.wide-as.txt", "mtr.tcp.txt"])
def test_both_routers_of_a_distance_are_kept(name: str) -> None:
    assert {reply.address for reply in one(name).hops[1].replies} == ROUTERS[2]


@pytest.mark.parametrize(("name", "runs"), [("txt", 3), ("json", 2), ("csv", 2), ("raw", 2), ("xml", 2)])
def test_several_runs_in_a_file_are_several_reports_each_with_its_line(name: str, runs: int) -> None:
    found = reports(f"mtr.loop.{name}")
    assert len(found) == runs
    starts = [report.line or 0 for report in found]
    assert starts == sorted(set(starts))
    text = TEXTS[f"mtr.loop.{name}"].splitlines()
    begins = {"txt": "Start:", "json": "{", "csv": "Mtr_", "raw": "x 0 33000", "xml": "<MTR"}[name]
    assert all(text[line - 1].startswith(begins) for line in starts)


@pytest.mark.parametrize(("name", "started"), [("mtr.loop.txt", 1_795_370_445), ("mtr.csv", 1_795_370_433)])
def test_the_start_is_kept_where_it_is_told(name: str, started: int) -> None:
    assert reports(name)[0].started == started * 1_000_000_000


def test_of_split_output_the_last_word_on_a_hop_counts() -> None:
    report = one("mtr.split.txt")
    assert [hop.replies[0].address for hop in report.hops] == ["10.0.1.1", "10.0.2.2", "10.0.4.2", "10.0.6.2"]
    assert report.hops[0].line == max(
        number for number, line in enumerate(TEXTS["mtr.split.txt"].splitlines(), 1) if line.startswith("1 ")
    )
    assert report.hops[0].sent is not None
    assert report.hops[0].sent > 5


@pytest.mark.parametrize(
    ("name", "hop", "mark"),
    [
        ("traceroute.unreachable.txt", 3, Mark.HOST),
        ("traceroute.prohibited.txt", 3, Mark.PROHIBITED),
        ("traceroute.busybox.txt", 4, Mark.HOST),
        ("traceroute.inetutils.txt", 3, Mark.PROHIBITED),
        ("tracepath.unreachable.txt", 3, Mark.HOST),
    ],
)
def test_the_marks_of_every_program_are_read(name: str, hop: int, mark: Mark) -> None:
    report = one(name)
    (reply,) = report.hops[hop - 1].replies
    assert (reply.address, reply.marks) == ("10.0.4.2", (mark,))
    assert len(report.hops) == hop


@pytest.mark.parametrize(
    ("name", "mtus"),
    [
        ("traceroute.mtu.txt", [1500, None, None, 1400]),
        ("tracepath.v6.txt", [None, None, None, 1400]),
        ("tracepath.txt", [None, None, None, None]),
    ],
)
def test_the_path_mtu_stands_where_it_was_learnt(name: str, mtus: list[int | None]) -> None:
    assert [hop.mtu for hop in one(name).hops] == mtus


def test_who_says_that_a_packet_is_too_large_is_no_hop_there() -> None:
    assert [reply.address for reply in one("tracepath.v6.txt").hops[3].replies] == ["2001:db8:6::2"]


@pytest.mark.parametrize(
    ("name", "back"), [("tracepath.txt", [None, None, 7, 4]), ("traceroute.back.txt", [None, None, 7, None])]
)
def test_the_length_of_the_way_back_is_kept_where_it_is_told(name: str, back: list[int | None]) -> None:
    assert [hop.replies[0].back for hop in one(name).hops] == back


@pytest.mark.parametrize(
    ("name", "reached", "silent"),
    [
        ("tracepath.txt", True, []),
        ("tracepath.short.txt", False, []),
        ("tracepath.loop.txt", False, []),
        ("tracepath.unreachable.txt", False, []),
        ("tracepath.silent.txt", False, [3, 4]),
        ("traceroute.icmp.txt", None, [3]),
    ],
)
def test_whether_it_arrived_is_tracepaths_own_word(name: str, reached: bool | None, silent: list[int]) -> None:  # noqa: FBT001 - three values
    report = one(name)
    assert report.reached is reached
    assert [hop.index for hop in report.hops if hop.silent] == silent


def quoted(text: str) -> str:
    return "She wrote:\r\n" + "".join(f"> > {line}\r\n" for line in text.splitlines()) + "\r\nand I said so.\r\n"


def indented(text: str) -> str:
    return "Here it is:\n\n" + "".join(f"        {line}\n" for line in text.splitlines())


@pytest.mark.parametrize("change", [quoted, indented])
@pytest.mark.parametrize("name", [name for name in TEXTS if "loop" not in name])
def test_a_mail_around_a_report_changes_nothing_but_the_lines(name: str, change: object) -> None:
    assert callable(change)
    (read,) = [read for what, _, read in READERS if what == kind(name)]
    text = change(TEXTS[name])
    assert [what for what, recognises, _ in READERS if recognises(text)] == [kind(name)]
    (report,) = read(text, file=name).content
    before = one(name)
    assert [(hop.index, hop.replies, hop.sent, hop.mtu) for hop in report.hops] == [
        (hop.index, hop.replies, hop.sent, hop.mtu) for hop in before.hops
    ]


@pytest.mark.parametrize(
    "text",
    [
        (
            "HOST: vm                                   Loss%   Snt   Last   Avg\nBest  Wrst StDev\n"
            "  1.|-- a-long-name.example (192.0.2.1)     0.0%    10    0.4   0.5\n0.3   0.9   0.1\n"
            "  2.|-- ???                               100.0\n   10    0.0   0.0\n   0.0   0.0   0.0\n"
        ),
        (
            "traceroute to www.example.com (192.0.2.9), 30 hops max, 60 byte\npackets\n"
            " 1  a-long-name.example (192.0.2.1)  0.400 ms  0.500 ms\n0.300 ms\n"
            " 2  * a.example\n(192.0.2.2)  1.500 ms\n 2.1 ms\n 3  b.example (192.0.2.3)  0.1 ms *\n*\n"
        ),
    ],
)
def test_a_line_that_was_broken_between_its_words_is_read_whole(text: str) -> None:
    (read,) = [read for _, recognises, read in READERS if recognises(text)]
    reading = read(text, file="x")
    (report,) = reading.content
    assert len(report.hops[0].replies[0].round_trips) == 3
    assert report.hops[0].sent in {3, 10}


@given(data=st.data(), name=st.sampled_from(sorted(TEXTS)))
def test_nothing_makes_a_reader_fall(data: st.DataObject, name: str) -> None:
    text = data.draw(mangled(TEXTS[name], *(TEXTS[other] for other in ("mtr.csv", "tracepath.txt"))))
    for _, recognises, read in READERS:
        recognises(text)
        reading = read(text, file="x")
        assert len(reading.problems) <= 20
        for report in reading.content:
            indices = [hop.index for hop in report.hops]
            assert indices == sorted(set(indices))
            assert not indices or 1 <= indices[0] <= indices[-1] <= 255


@pytest.mark.parametrize(
    "piece",
    [
        "<MTR ",
        "0 ",
        "> ",
        "  ",
        "1?: ",
        "x 0 1\n",
        "h 0 1.1.1.1\n",
        "MTR.1,1,",
        " 1.|-- x ",
        "1 ms ",
        "{",
        "<1 ms ",
        "a - 1|",
        "1:",
        "[MPLS: ",
        "\x1b]",
    ],
)
def test_a_heap_of_anything_is_read(piece: str) -> None:
    text = piece * ((40_000 if "\n" in piece else 200_000) // len(piece))
    for _, _, read in READERS:
        assert len(read(text, file="x").problems) <= 20
