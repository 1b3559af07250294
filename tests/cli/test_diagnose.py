"""`bothways diagnose`: what it prints where, and how it ends."""

import gzip
import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from bothways.cli.start import run
from tests.helpers import evidence_files as made
from tests.helpers import packets as p

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "BOTHWAYS_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def failing(tmp_path: Path) -> str:
    return str(made.capture(tmp_path / "client.pcap", made.timing_out()))


def test_a_fault_ends_with_1(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", failing]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("Open: 192.0.2.2:443 times out from 10.0.0.0/24")
    assert err == ""


def test_healthy_ends_with_0(tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", str(made.capture(tmp_path / "client.pcap", made.working()))]) == 0
    assert capsys.readouterr().out.startswith("Healthy: 192.0.2.2:443 works")


def test_undetermined_ends_with_4(tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", str(made.capture(tmp_path / "client.pcap", made.cut_off()))]) == 4
    assert capsys.readouterr().out.startswith("Undetermined: no failure of 192.0.2.2:443 was seen")


def test_path_reports_alone_are_undetermined(tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", str(made.text(tmp_path / "outbound.txt", made.MTR))]) == 4
    assert capsys.readouterr().out.startswith("Undetermined: ")


def test_json_is_one_document_and_nothing_else(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", "--json", failing]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"]["standing"] == "open"
    assert err == ""


def empty_folder(folder: Path) -> Path:
    (folder / "evidence").mkdir()
    return folder / "evidence"


def empty_file(folder: Path) -> Path:
    (folder / "client.pcap").touch()
    return folder / "client.pcap"


def packetless(folder: Path) -> Path:
    (folder / "client.pcap").write_bytes(p.pcap_file([]))
    return folder / "client.pcap"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (empty_folder, "the folder holds no evidence: it is empty; put captures"),
        (empty_file, "the file is empty: whatever should have written it did not; make it again"),
        (lambda folder: made.text(folder / "a.pcap", "hello"), "it is named like a capture and holds text"),
        (lambda folder: made.without_tcp(folder / "a.pcap"), "none of its 1 packets is TCP: capture again"),
        (packetless, "the capture is empty: it holds no packets. Capture again"),
        (lambda folder: folder / "nothing", "there is no such file or folder; check the name"),
    ],
)
def test_nothing_to_judge_ends_with_2_and_a_sentence(
    make: object, sentence: str, tmp_path: Path, capsys: Captured
) -> None:
    assert callable(make)
    assert run(["diagnose", "--json", str(make(tmp_path))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.startswith("bothways: ")
    assert err.count("\n") == 1


def test_a_capture_cut_in_mid_packet_is_judged_and_the_cut_is_told(failing: str, capsys: Captured) -> None:
    path = Path(failing)
    path.write_bytes(path.read_bytes()[:-7])
    assert run(["diagnose", failing]) == 1
    assert "! at byte " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["diagnose"], "Missing argument 'PATH...'; see bothways --help"),
        (["diagnose", "--no-such-option", "x"], "No such option: --no-such-option; see bothways --help"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["diagnose", "{failing}", "--vantage", "x=client"], "--vantage x: no such file is among those"),
        (["diagnose", "{failing}", "--path", "client.pcap=up"], "a path goes there (client to server) or back"),
        (["diagnose", "{failing}", "--target", "a b"], "--target a b: it takes an IP address or a server's name"),
        (["diagnose", "{failing}", "--target", "192.0.2"], "--target 192.0.2: it takes an IP address or"),
        (["diagnose", "{failing}", "--target", "[192.0.2.2"], "--target [192.0.2.2: it takes an IP address or"),
        (["diagnose", "{failing}", "--target", "192.0.2.2:"], "a port is a number from 1 to 65535"),
        (["diagnose", "{failing}", "--target", "example.net"], "no evidence speaks of it; the nearest that there is: "),
        (["diagnose", "{failing}", "--since", "yesterday"], "--since yesterday: no such time; it takes "),
        (["diagnose", "{failing}", "--until", "25:00"], "--until 25:00: no such time; it takes "),
        (["diagnose", "{failing}", "--since", "+5s", "--until", "+1s"], "nothing can begin then"),
        (
            ["diagnose", "{failing}", "--since", "+1h"],
            "nothing to judge: judged is what began since 2023-11-14 23:13:20 UTC: 1 connection began outside",
        ),
        (
            ["diagnose", "{failing}", "--target", "192.0.2.2", "--since", "+1h"],
            "--target 192.0.2.2: none of its connections can be judged: they began outside --since and --until",
        ),
        (["diagnose", "{failing}", "--target", "192.0.2.2:https"], "a port is a number from 1 to 65535"),
        (["diagnose", "{failing}", "--target", "192.0.2.2:65536"], "a port is a number from 1 to 65535"),
        (
            ["diagnose", "{failing}", "--target", "192.0.2.9"],
            "192.0.2.9: no evidence speaks of it; the nearest that there is: 192.0.2.2:443",
        ),
        (
            ["diagnose", "{failing}", "--target", "[2001:db8::1]:443"],
            "--target [2001:db8::1]:443: no evidence speaks of it",
        ),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(
    arguments: list[str], sentence: str, failing: str, capsys: Captured
) -> None:
    assert run([argument.replace("{failing}", failing) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("target", ["192.0.2.2", "192.0.2.2:443", "[::ffff:192.0.2.2]:443"])
def test_a_target_is_an_address_with_or_without_port(target: str, failing: str) -> None:
    assert run(["diagnose", failing, "--target", target]) == (2 if "[" in target else 1)


def test_the_users_vantage_reaches_the_page(failing: str, capsys: Captured) -> None:
    assert run(["diagnose", failing, "--vantage", "client.pcap=client"]) == 1
    assert "client (client.pcap): taken at the client, as you said" in capsys.readouterr().out


def test_columns_are_respected(failing: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    run(["diagnose", failing])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if not line.lstrip().startswith("$ ")) <= 40


def test_a_pipe_gets_no_colour(failing: str, capsys: Captured) -> None:
    run(["diagnose", failing])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "coloured"), [(None, True), (("NO_COLOR", "1"), False), (("TERM", "dumb"), False)]
)
def test_a_terminal_gets_colour_unless_it_says_no(
    variable: tuple[str, str] | None,
    failing: str,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    *,
    coloured: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    if variable:
        monkeypatch.setenv(*variable)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    run(["diagnose", failing])
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_verbose_says_what_is_not_known(failing: str, capsys: Captured) -> None:
    run(["diagnose", "-v", failing])
    assert "not known: " in capsys.readouterr().out


def piped(data: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program with *data* on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "bothways", "diagnose", *arguments], input=data, capture_output=True, check=False
    )


def test_standard_input_is_judged_and_cited(tmp_path: Path) -> None:
    packed = gzip.compress(made.capture(tmp_path / "a.pcap", made.timing_out()).read_bytes())
    found = piped(packed, "-", "--json", "--vantage", "-=client")
    assert (found.returncode, found.stderr) == (1, b"")
    document = json.loads(found.stdout)
    assert [(one["vantage"], one["file"]) for one in document["observers"]] == [("client", "standard input")]
    assert document["evidence"][0]["sha256"] == sha256(packed).hexdigest()
    assert "standard input frame 1" in document["targets"][0]["signatures"][0]["example"]


def test_standard_input_may_stand_beside_files(tmp_path: Path) -> None:
    found = piped(made.MTR.encode(), "-", str(made.capture(tmp_path / "client.pcap", made.timing_out())), "--json")
    assert [one["path"] for one in json.loads(found.stdout)["evidence"]] == ["standard input", "client.pcap"]


def test_empty_standard_input_says_so() -> None:
    found = piped(b"", "-")
    assert found.returncode == 2
    assert b"standard input: it is empty: the program that writes into the pipe wrote nothing" in found.stderr


def test_an_interrupt_while_a_pipe_is_read_ends_with_130(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "bothways", "diagnose", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as program:
        assert program.stdin is not None
        # More than a pipe holds: when all of it is written, the program has begun to read.
        program.stdin.write(p.pcap_file([]) + bytes(1 << 20))
        program.stdin.flush()
        program.send_signal(signal.SIGINT)
        _, told = program.communicate()
    assert (program.returncode, told) == (130, b"bothways: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_a_capture_of_several_files_names_them_all(tmp_path: Path, capsys: Captured) -> None:
    packets = made.timing_out().packets
    for name, part in (("client.pcap", packets[:5]), ("client.pcap1", packets[5:])):
        (tmp_path / name).write_bytes(p.pcap_file(part, nanoseconds=True))
    assert run(["diagnose", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    (observer,) = document["observers"]
    assert (observer["file"], observer["files"]) == ("client.pcap", ["client.pcap", "client.pcap1"])
    assert [one["vantage"] for one in document["evidence"]] == ["client", "client"]
    cited = {cite["file"] for target in document["targets"] for fact in target["facts"] for cite in fact["cites"]}
    assert cited == {"client.pcap", "client.pcap1"}
    assert run(["diagnose", str(tmp_path)]) == 1
    assert "client (client.pcap and client.pcap1)" in capsys.readouterr().out


def test_what_the_capture_calls_the_server_is_told_and_is_no_name_that_was_asked_for(
    tmp_path: Path, capsys: Captured
) -> None:
    names = p.pcapng_names((bytes([192, 0, 2, 2]), b"resolved.example\0"))
    (tmp_path / "client.pcapng").write_bytes(p.pcapng_file(made.timing_out().packets) + names)
    assert run(["diagnose", str(tmp_path), "--json"]) == 1
    (target,) = json.loads(capsys.readouterr().out)["targets"]
    assert (target["name"], target["called"]) == (None, "resolved.example")
    assert "192.0.2.2:443 (called resolved.example by the capture) times out" in target["verdict"]["summary"]
    assert all("resolved.example" not in ask["command"] for ask in target["next"])
    assert run(["diagnose", str(tmp_path), "--target", "resolved.example:443"]) == 1
    assert capsys.readouterr().out.startswith("Open: 192.0.2.2:443 (called resolved.example by the capture)")


@pytest.mark.parametrize(
    "window",
    [
        ["--since", "22:13", "--until", "22:14"],
        ["--since", "2023-11-14T23:13:20+01:00"],
        ["--since", "+0s", "--until", "+1ms"],
        ["--until", "2023-11-14 22:13:20 UTC"],
    ],
)
def test_a_window_that_holds_the_failure_judges_it_and_is_told(
    window: list[str], failing: str, capsys: Captured
) -> None:
    assert run(["diagnose", failing, *window]) == 1
    assert "judged is what began " in capsys.readouterr().out


def test_a_time_that_no_capture_can_place_is_a_wrong_call(tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", str(made.text(tmp_path / "outbound.txt", made.MTR)), "--since", "+5m"]) == 2
    assert "--since: no capture shows when the evidence begins" in capsys.readouterr().err


def test_a_target_may_be_named_by_its_servers_name(tmp_path: Path, capsys: Captured) -> None:
    script = made.timing_out()
    script.there(7000, flags="PA", seq=101, ack=901, payload=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", ttl=64)
    capture = str(made.capture(tmp_path / "client.pcap", script))
    assert run(["diagnose", capture, "--target", "A.Example:443"]) == 1
    assert "a.example (192.0.2.2:443)" in capsys.readouterr().out


# --- lists of devices and address databases ---

LISTED = '[[device]]\nname = "hall-fw"\nrole = "firewall"\naddress = "10.0.0.254"\n'


def test_a_list_of_devices_and_a_database_are_named_among_the_evidence(tmp_path: Path, capsys: Captured) -> None:
    report = str(made.text(tmp_path / "outbound.txt", made.MTR))
    listed, table = made.text(tmp_path / "mine.toml", LISTED), made.text(tmp_path / "asn.tsv", "192.0.2.0/24\t64496\n")
    assert run(["diagnose", report, "--json", "--inventory", str(listed), "--addresses", str(table)]) == 4
    evidence = {file["path"]: file for file in json.loads(capsys.readouterr().out)["evidence"]}
    assert (evidence["mine.toml"]["kind"], evidence["mine.toml"]["read"]) == ("inventory", {"devices": 1})
    assert (evidence["asn.tsv"]["kind"], evidence["asn.tsv"]["read"]) == ("addresses", {"rows": 1})


@pytest.mark.parametrize("option", ["--inventory", "--addresses"])
def test_a_list_or_a_database_that_cannot_be_read_is_a_wrong_call(
    option: str, failing: str, tmp_path: Path, capsys: Captured
) -> None:
    broken = str(made.text(tmp_path / "broken", "[[device]]\nname = \x1b\n"))
    assert run(["diagnose", failing, option, broken]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"bothways: {option} ")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_a_part_of_a_name_that_several_hops_have_is_told(tmp_path: Path, capsys: Captured) -> None:
    hops = made.MTR.replace("10.0.0.254", "fw-a.example").replace("192.0.2.2", "fw-b.example")
    run(["diagnose", str(made.text(tmp_path / "outbound.txt", hops)), "--firewall", "fw"])
    assert "--firewall fw may mean any of fw-a, fw-b" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("option", ["--inventory", "--addresses"])
def test_a_shell_completes_files_for_it(option: str) -> None:
    words = f"bothways diagnose {option} "
    completing = {"_BOTHWAYS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "bothways"], env=os.environ | completing, capture_output=True, text=True, check=False
    )
    # Nothing offered is what makes a shell offer files.
    assert (done.returncode, done.stdout.strip()) == (0, "")


def two_ways(folder: Path) -> list[str]:
    back = made.MTR.replace("laptop", "server").replace("192.0.2.2 ", "10.0.0.9 ")
    return [str(made.text(folder / "a.txt", made.MTR)), str(made.text(folder / "b.txt", back))]


def test_two_path_reports_are_laid_side_by_side_and_end_with_4(tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", "--width", "80", *two_ways(tmp_path)]) == 4
    out, err = capsys.readouterr()
    assert out.startswith("Undetermined: no connection was seen")
    assert "there, downward" in out
    assert "back, upward" in out
    assert "\x1b" not in out
    assert err == ""


def test_the_users_word_turns_a_way_around(tmp_path: Path, capsys: Captured) -> None:
    first, second = two_ways(tmp_path)
    assert run(["diagnose", "--json", first, second, "--path", f"{first}=back", "--path", f"{second}=there"]) == 4
    (ways,) = json.loads(capsys.readouterr().out)["ways"]
    assert ways["files"] == {"there": ["b.txt"], "back": ["a.txt"]}
    assert ways["told_by"] == "word"


def test_a_report_beside_a_capture_stands_with_its_target(failing: str, tmp_path: Path, capsys: Captured) -> None:
    assert run(["diagnose", "--json", failing, str(made.text(tmp_path / "outbound.txt", made.MTR))]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [one["target"] for one in document["ways"]] == [document["targets"][0]["id"]]
