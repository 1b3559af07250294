"""Heads of mtr's reports, its own and translated ones."""

import pytest

from bothways.traces.mtr_columns import DEFAULT
from bothways.traces.mtr_head import columns_in, foreign_columns_in, is_furniture


def test_its_own_head_names_its_columns() -> None:
    assert columns_in("HOST: vm      Loss%   Snt   Last") == ("Loss%", "Snt", "Last")
    assert columns_in("HOST: vm      Perte%   Snt   Last") == ("Snt", "Last")
    assert columns_in("Hosts: vm      Loss%   Snt") == ()


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("HÔTE: poste   Perte%   Snt   Last   Avg  Best  Wrst StDev", DEFAULT),
        ("Rechner       Verlust%  Ges  Letzte Mittel Best Schl StAbw", DEFAULT),
        ("Host: x       Lost%   Snt   Last", ("Loss%", "Snt", "Last")),
        ("x             Lost%   A  B  C", ()),
        ("Loss%   Snt   Last   Avg  Best  Wrst StDev", ()),
        ("1.|-- a       0.0%     4    0.1   0.0   0.0   0.1   0.0", ()),
    ],
)
def test_a_head_in_other_words_is_read_where_its_columns_are_certain(head: str, columns: tuple[str, ...]) -> None:
    assert foreign_columns_in(head) == columns


def test_furniture_says_nothing() -> None:
    assert is_furniture("                                       Packets               Pings")
    assert is_furniture("                                       Paquets               Pings")
    assert not is_furniture("        10.0.3.2")
