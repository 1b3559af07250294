"""Programs and sockets in nodes."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
from pyroute2 import netns  # type: ignore[import-untyped] # it has no types

from bothways.lab.world.nodes import NAMESPACES, ProgramError, run, start, within
from tests.helpers.world import inside

pytestmark = pytest.mark.lab


def own_namespace() -> int:
    return Path("/proc/thread-self/ns/net").stat().st_ino


def test_within_a_node_sockets_and_programs_are_its_own() -> None:
    def life() -> None:
        netns.create("island")
        home = own_namespace()
        with within("island"):
            assert own_namespace() == (NAMESPACES / "island").stat().st_ino != home
            assert [name for _, name in socket.if_nameindex()] == ["lo"]
        assert own_namespace() == home
        assert os.readlink(f"/proc/{os.getpid()}/ns/net") == f"net:[{home}]"  # noqa: PTH115 - no path, a word
        assert run("island", "readlink", "/proc/self/ns/net").stdout != f"net:[{home}]\n"

    inside(life)


def test_a_node_is_left_after_an_error_too() -> None:
    def life() -> None:
        netns.create("island")
        home = own_namespace()
        with pytest.raises(LookupError), within("island"):
            raise LookupError
        assert own_namespace() == home

    inside(life)


def test_a_node_that_is_not_there_is_an_error() -> None:
    def life() -> None:
        with pytest.raises(FileNotFoundError), within("atlantis"):
            pass

    inside(life)


def test_a_program_that_fails_says_what_where_and_why() -> None:
    def life() -> None:
        netns.create("island")
        with pytest.raises(ProgramError, match=r"^cat nothing on island: exit status 1: cat: nothing: No such file"):
            run("island", "cat", "nothing")
        assert run("island", "false", check=False).returncode == 1
        with pytest.raises(ProgramError, match=r"^sleep 9 on island: not done after 0\.1 s"):
            run("island", "sleep", "9", seconds=0.1)

    inside(life)


def test_a_program_reads_what_it_is_given_and_speaks_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    def life() -> None:
        netns.create("island")
        assert run("island", "cat", given="words\n").stdout == "words\n"
        assert run("island", "printenv", "LC_ALL").stdout == "C.UTF-8\n"
        with start("island", "cat", stdout=subprocess.PIPE) as program:
            assert program.communicate()[0] == b""

    inside(life)
