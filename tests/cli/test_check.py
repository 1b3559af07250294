"""`bothways check` as its users call it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bothways.cli.start import run
from bothways.lab.world.waiting import until

BOTHWAYS = (sys.executable, "-m", "bothways")


def refused_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def server(*, greets: bytes) -> Iterator[int]:
    """Greets everybody, or accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    one, _ = listening.accept()
                except OSError:
                    return
                kept.append(one)
                if greets:
                    one.sendall(greets)
                    one.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in kept:
            one.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["192.0.2.0/24"], "range"),
        (["224.0.0.1"], "multicast"),
        (["www.example.net", "--quick", "--deep"], "exclude each other"),
        (["www.example.net", "-4", "-6"], "exclude each other"),
        (["www.example.net", "--resolve", "nonsense"], "HOST:PORT:ADDRESS"),
        (["www.example.net", "--control", "10.0.0.0/8"], "range"),
        (["www.example.net", "--assume", "no-such-fact=yes"], "no such fact"),
        (["www.example.net", "--save", "/nonexistent/folder/case.zip"], "case.zip"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_sent(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_host_without_an_address_of_the_wanted_family_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "127.0.0.1", "-6", "--no-raw"]) == 2
    assert "cannot reach 127.0.0.1" in capsys.readouterr().err


def test_a_server_that_answers_is_healthy_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with server(greets=b"SSH-2.0-test\r\n") as port:
        assert run(["check", f"tcp://127.0.0.1:{port}", "--no-raw"]) == 0
    printed = capsys.readouterr().out
    assert "6 connections" in printed
    assert "Healthy" in printed
    assert not list(tmp_path.iterdir())


def test_a_closed_port_is_a_fault_and_the_document_is_the_only_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", f"tcp://127.0.0.1:{refused_port()}", "--no-raw", "--quick", "--json"]) == 1
    captured = capsys.readouterr()
    verdict = json.loads(captured.out)["verdict"]
    assert verdict["standing"] in {"confirmed", "open"}
    assert "port-closed" in {verdict["theory"], *verdict["possible"]}
    assert not captured.err


def test_a_saved_check_is_judged_alike_by_diagnose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "case.zip"
    call = ["check", f"tcp://127.0.0.1:{refused_port()}", "--no-raw", "--quick", "--json", "--save", str(saved)]
    assert run(call) == 1
    first = json.loads(capsys.readouterr().out)
    assert run(["diagnose", str(saved), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == first["verdict"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    with server(greets=b"") as port:
        call = [*BOTHWAYS, "check", f"tcp://127.0.0.1:{port}", "--no-raw"]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        running = subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        until(lambda: bool(list(tmp_path.iterdir())), "it has made its folder")
        running.send_signal(number)
        _, said = running.communicate()
    assert running.returncode == 130
    assert "interrupted" in said
    assert not list(tmp_path.iterdir())
