"""A check that cannot begin says why, and what to do."""

from pathlib import Path

import pytest

from bothways.check.run import Telling, evidence
from bothways.check.target import target_of
from bothways.check.wish import Wish
from bothways.errors import InputError
from bothways.host.network import names
from bothways.units import Duration


def refused(wish: Wish) -> str:
    """What is said of *wish*."""
    with pytest.raises(InputError) as told, evidence(wish, command=("bothways", "check"), telling=Telling.NOWHERE):
        pass
    return str(told.value)


def test_of_a_name_without_address_it_is_said_how_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = names.Resolved(addresses=(), why="name or service not known", took=Duration(1))
    monkeypatch.setattr(names, "resolve", lambda _host, **_how: nothing)
    says = refused(Wish(targets=(target_of("no-such.example"), target_of("nor-this.example:80")), raw=False))
    assert says.startswith("cannot reach no-such.example: name or service not known; nor-this.example: name or")
    assert "--resolve no-such.example:443:ADDRESS" in says


def test_of_an_address_of_the_family_that_is_not_wanted_the_option_is_named() -> None:
    says = refused(Wish(targets=(target_of("::1"),), family=4, raw=False))
    assert says.startswith("cannot reach ::1: ")
    assert "-4 and -6 leave out addresses of the other family" in says


def test_nothing_is_left_of_a_check_that_could_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refused(Wish(targets=(target_of("::1"),), family=4, raw=False))
    assert list(tmp_path.iterdir()) == []
