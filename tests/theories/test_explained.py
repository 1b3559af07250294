"""How the text of a theory's file is taken apart."""

import subprocess
import sys

import pytest

from bothways.theories.catalogue import THEORIES
from bothways.theories.explained import Heading, Part, explained, explanation

BODY = "    Something of a few words.\n"
TEXT = "some-cause: what it is.\n\n" + "\n".join(f"{heading}\n{BODY}" for heading in Heading)


def test_the_first_line_is_the_id_and_the_gist() -> None:
    assert explained("some-cause", TEXT).gist == "what it is."


@pytest.mark.parametrize("first", ["some-cause what it is.", "other-cause: what it is.", "some-cause: what it is"])
def test_another_first_line_is_refused(first: str) -> None:
    with pytest.raises(ValueError, match="some-cause: the first line must be"):
        explained("some-cause", TEXT.replace("some-cause: what it is.", first))


@pytest.mark.parametrize("heading", Heading)
def test_a_missing_heading_is_named(heading: Heading) -> None:
    with pytest.raises(ValueError, match="the headings must be"):
        explained("some-cause", TEXT.replace(f"{heading}\n{BODY}", ""))


def test_headings_out_of_order_are_refused() -> None:
    swapped = TEXT.replace("What to ask next", "?").replace("What to change", "What to ask next")
    with pytest.raises(ValueError, match="the headings must be"):
        explained("some-cause", swapped.replace("?", "What to change"))


def test_a_strange_heading_is_named() -> None:
    with pytest.raises(ValueError, match="'What to eat' is no heading"):
        explained("some-cause", TEXT + "\nWhat to eat\n    Bread.\n")


def test_a_heading_with_nothing_under_it_is_named() -> None:
    with pytest.raises(ValueError, match="nothing stands under What to ask next"):
        explained("some-cause", TEXT.replace(f"What to ask next\n{BODY}", "What to ask next\n"))


def sections(heading: Heading, body: str) -> tuple[Part, ...]:
    return explained("some-cause", TEXT.replace(f"{heading}\n{BODY}", f"{heading}\n{body}")).sections[heading]


def test_lines_become_one_text_and_empty_lines_part_paragraphs() -> None:
    assert sections(Heading.HAPPENS, "    One\n    and two.\n\n    Three.\n") == (
        Part(label="", text="One and two."),
        Part(label="", text="Three."),
    )


def test_vantages_are_told_apart_wherever_they_stand() -> None:
    body = "    Client: a SYN. Server: nothing (an\n    answer: none). Firewall and paths: `Verify: x`.\n"
    assert sections(Heading.LEAVES, body) == (
        Part(label="Client", text="a SYN."),
        Part(label="Server", text="nothing (an answer: none)."),
        Part(label="Firewall and paths", text="`Verify: x`."),
    )


def test_what_stands_before_a_label_is_kept() -> None:
    assert sections(Heading.CHANGE, "    Mend it. Verify: it runs.\n") == (
        Part(label="", text="Mend it."),
        Part(label="Verify", text="it runs."),
    )


def test_each_reference_is_a_part() -> None:
    texts = [part.text for part in sections(Heading.REFERENCES, "    RFC 9293 section 3.5 (a;b);\n    ss(8).\n")]
    assert texts == ["RFC 9293 section 3.5 (a;b)", "ss(8)"]


def test_it_is_told_by_a_python_that_leaves_docstrings_out() -> None:
    call = [sys.executable, "-OO", "-m", "bothways", "theories", THEORIES[0].id]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert explanation(THEORIES[0]).gist.split()[0] in done.stdout
