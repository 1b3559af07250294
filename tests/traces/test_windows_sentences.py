"""Words of Windows' message tables, in several languages."""

import pytest

from bothways.evidence.path_report import Mark
from bothways.traces.windows_sentences import destination_in, unreachable


@pytest.mark.parametrize(
    ("sentence", "name", "address"),
    [
        ("Tracing route to www.example.com [198.51.100.80]", "www.example.com", "198.51.100.80"),
        ("www.example.com [2001:db8::1] へのルートをトレースしています", "www.example.com", "2001:db8::1"),
        ("通过最多 30 个跃点跟踪到198.51.100.80的路由", "198.51.100.80", "198.51.100.80"),
        ("2001:db8::80 へのルートをトレースしています。経由するホップ数は最大 30 です", "2001:db8::80", "2001:db8::80"),
    ],
)
def test_a_sentence_names_the_destination(sentence: str, name: str, address: str) -> None:
    found = destination_in(sentence)
    assert found is not None
    assert (found.name, found.address) == (name, address)


@pytest.mark.parametrize("sentence", ["over a maximum of 30 hops:", "at 10:20:30", "x [1.2.3]", "999.999.999.999", ""])
def test_a_sentence_without_an_address_names_none(sentence: str) -> None:
    assert destination_in(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "mark"),
    [
        ("reports: Destination net unreachable.", Mark.NETWORK),
        ("Impossible de joindre l'hôte de destination.", Mark.HOST),
        ("Red de destino inaccesible.", Mark.NETWORK),
        ("Заданный узел недоступен.", Mark.HOST),
        ("无法访问目标网。", Mark.NETWORK),
        ("宛先ホストに到達できません。", Mark.HOST),
        ("administratively prohibited", Mark.OTHER),
    ],
)
def test_the_stems_of_network_and_host_tell_what_is_unreachable(sentence: str, mark: Mark) -> None:
    assert unreachable(sentence) is mark
