import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.inventory import State
from bothways.paths.firewall_names import LEFT_OUT, WORDS, words_in
from tests.helpers.repository import TOP
from tools.firewall_names import page


@pytest.mark.parametrize("word", sorted(WORDS))
def test_each_word_is_recognised_alone_with_a_number_and_among_others(word: str) -> None:
    for label in (word, f"{word.upper()}-2", f"campus-{word}-01a"):
        assert [found.word for found in words_in(label)] == [word]


@pytest.mark.parametrize(
    ("label", "word"),
    [("fw1", "fw"), ("fw-01a", "fw"), ("fgt60f", "fgt"), ("asa5506x", "asa"), ("vsrx3", "vsrx"), ("lb2", "lb")],
)
def test_digits_are_no_part_of_a_word(label: str, word: str) -> None:
    assert words_in(label)[0].word == word


@pytest.mark.parametrize(
    "label",
    ["fwd", "forward", "safwan", "asap", "core", "network-7", "nature", "donat", "album", "vipers", "fw-less"[3:]],
)
def test_names_that_only_contain_such_a_word_are_not_meant(label: str) -> None:
    assert words_in(label) == ()


@pytest.mark.parametrize("word", sorted(LEFT_OUT))
def test_what_other_lists_have_and_this_one_left_out_is_not_recognised(word: str) -> None:
    assert words_in(word) == ()
    assert words_in(f"{word}-1") == ()


def test_a_model_needs_its_number() -> None:
    assert words_in("campus-pa-3220-a")[0].keeps is State.FIREWALL
    assert words_in("fg-100f")
    assert not words_in("pa1-core")
    assert not words_in("spa-3220")


def test_translators_and_load_balancers_keep_state_of_other_kinds() -> None:
    assert [found.keeps for found in words_in("fw-nat1")] == [State.FIREWALL, State.TRANSLATOR]
    assert words_in("f5")[0].keeps is State.BALANCER


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert all(found.means for found in words_in(text))


def test_the_page_lists_what_the_module_has() -> None:
    assert (TOP / "docs" / "firewall-names.md").read_text(encoding="utf-8") == page(), (
        "run `python tools/firewall_names.py --write`"
    )
