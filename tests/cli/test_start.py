"""How the program starts, and how it ends when something goes wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bothways import __version__
from bothways.cli.start import main, run
from bothways.errors import MissingPermissionError
from bothways.host.capture_reader import kernel_trouble
from tests.helpers import evidence_files as made
from tests.helpers.repository import TOP

Captured = pytest.CaptureFixture[str]
PROGRAM = [sys.executable, "-m", "bothways"]


def breaking(error: BaseException) -> object:
    def gather(*_: object, **__: object) -> None:
        raise error

    return gather


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (MissingPermissionError("cannot capture: be root"), 3, "bothways: cannot capture: be root\n"),
        (KeyboardInterrupt(), 130, "bothways: interrupted\n"),
        (ValueError("odd \x1b[31m\nname"), 70, "bothways: internal error, ValueError: odd \\x1b[31m\\x0aname. "),
        (RecursionError(), 70, "bothways: internal error, RecursionError. "),
    ],
)
def test_every_end_has_its_status_and_one_line(
    error: BaseException, status: int, sentence: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOTHWAYS_DEBUG", raising=False)
    monkeypatch.setattr("bothways.host.gather.gather_joined", breaking(error))
    assert run(["diagnose", "x"]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_an_internal_error_asks_to_be_reported(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOTHWAYS_DEBUG", raising=False)
    monkeypatch.setattr("bothways.host.gather.gather_joined", breaking(ValueError()))
    run(["diagnose", "x"])
    assert "please report it" in capsys.readouterr().err


def test_debugging_shows_where_it_happened(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_DEBUG", "1")
    monkeypatch.setattr("bothways.host.gather.gather_joined", breaking(ValueError("odd")))
    assert run(["diagnose", "x"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_bare_call_shows_the_help_and_is_no_success(capsys: Captured) -> None:
    assert run([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage: bothways" in err


def test_help_shows_what_is_built_and_an_example(capsys: Captured) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "diagnose" in shown
    assert "bothways diagnose client.pcap server.pcap" in shown
    assert "hunt " not in shown


def test_the_help_of_a_verb_explains_its_exit_status(capsys: Captured) -> None:
    assert run(["diagnose", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "0 healthy, 1 a fault was found" in shown
    assert "--width" not in shown
    assert "PATH..." in shown.splitlines()[0]


def test_the_version_tells_the_kernel(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"bothways {__version__} (captures are read by the native kernel)\n"
    monkeypatch.setenv("BOTHWAYS_PLAIN", "1")
    kernel_trouble.cache_clear()
    assert run(["--version"]) == 0
    assert "captures are read in plain Python: BOTHWAYS_PLAIN is set" in capsys.readouterr().out
    monkeypatch.setenv("BOTHWAYS_PLAIN", "0")
    monkeypatch.setitem(sys.modules, "bothways.captures._kernel", None)
    kernel_trouble.cache_clear()
    assert run(["--version"]) == 0
    assert "captures are read in plain Python: the native kernel cannot be loaded" in capsys.readouterr().out
    kernel_trouble.cache_clear()


def test_main_ends_the_process(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "argv", ["bothways", "--version"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("bothways ")


@pytest.mark.parametrize("arguments", [["--help"], ["diagnose", "{capture}"]], ids=["help", "diagnose"])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    capture = str(made.capture(tmp_path / "client.pcap", made.timing_out()))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *(argument.replace("{capture}", capture) for argument in arguments)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        cwd=TOP,
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == (1 if "diagnose" in arguments else 0)


@pytest.mark.parametrize("arguments", [["--help"], ["diagnose", "{capture}"], ["diagnose", "--json", "{capture}"]])
def test_a_full_disk_is_no_mistake_of_ours(arguments: list[str], tmp_path: Path) -> None:
    capture = str(made.capture(tmp_path / "client.pcap", made.timing_out()))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *(argument.replace("{capture}", capture) for argument in arguments)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=TOP,
        )
    assert done.stderr.startswith(b"bothways: cannot write the result: no space left on device; ")
    assert done.stderr.count(b"\n") == 1
    assert done.returncode == 2


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_who_closes_standard_output_gets_the_status(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = str(made.capture(tmp_path / "client.pcap", made.timing_out()))
    monkeypatch.setattr(sys, "stdout", None)
    assert run(["diagnose", *options, capture]) == 1


def test_a_terminal_that_knows_only_ascii_is_served(tmp_path: Path) -> None:
    capture = str(made.capture(tmp_path / "client.pcap", made.timing_out()))
    done = subprocess.run(
        [*PROGRAM, "diagnose", capture],
        capture_output=True,
        check=False,
        cwd=TOP,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert done.stderr == b""


def test_help_imports_neither_readers_nor_renderers() -> None:
    """Starting must stay under 0.3 s; typer alone takes half of that."""
    code = "import sys\nfrom bothways.cli.start import run\nrun(['--help'])\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TOP)
    imported = set(done.stderr.split())
    assert "bothways.cli.diagnose" in imported
    assert not {name for name in imported if name.partition(".")[0] in {"rich", "msgspec"}}
    assert not {name for name in imported if name.startswith(("bothways.captures", "bothways.facts", "bothways.host"))}


def test_json_does_not_import_rich(tmp_path: Path) -> None:
    capture = str(made.capture(tmp_path / "client.pcap", made.timing_out()))
    code = (
        "import sys\nfrom bothways.cli.start import run\n"
        f"run(['diagnose', '--json', {capture!r}])\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TOP)
    assert "rich" not in set(done.stderr.split())
