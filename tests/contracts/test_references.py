"""A wrong RFC number in a citation cannot survive: each one cited has a title in docs/references.md."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.repository import SOURCE, TOP

REFERENCES = TOP / "docs" / "references.md"
CITED = re.compile(r"\bRFCs?[ -]?(\d{3,5}(?:/\d{3,5})*)")  # "RFC 793/9293" cites both
ROW = re.compile(r"^\| (\d+) \| (\S.*\S) \|$", re.MULTILINE)


def cited_in(text: str) -> set[int]:
    return {int(number) for numbers in CITED.findall(text) for number in numbers.split("/")}


def citing_files() -> Iterator[Path]:
    yield from TOP.glob("*.md")
    for folder, suffixes in (
        (SOURCE, {".py", ".pyi", ".j2", ".html"}),
        (TOP / "rust" / "src", {".rs"}),
        (TOP / "docs", {".md"}),
        (TOP / "tests", {".py", ".md", ".toml"}),
    ):
        yield from (path for path in folder.rglob("*") if path.suffix in suffixes and path != Path(__file__))


def test_every_cited_rfc_is_in_the_table() -> None:
    listed = {int(number) for number, _ in ROW.findall(REFERENCES.read_text(encoding="utf-8"))}
    unknown = {
        f"{path.relative_to(TOP)}: RFC {number}"
        for path in citing_files()
        for number in cited_in(path.read_text(encoding="utf-8")) - listed
    }
    assert not unknown, f"not in docs/references.md: {sorted(unknown)}"


def test_the_table_is_in_order_and_names_each_once() -> None:
    numbers = [int(number) for number, _ in ROW.findall(REFERENCES.read_text(encoding="utf-8"))]
    assert numbers == sorted(set(numbers))
    assert 9293 in numbers


def test_citations_are_seen_in_all_their_forms() -> None:
    assert cited_in("RFC 793/9293 section 3.8, rfc 1, RFC1071, (RFC-792), RFCs 5961, RFC nnnn") == {
        793,
        9293,
        1071,
        792,
        5961,
    }
