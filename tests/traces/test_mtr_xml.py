"""`mtr --xml` of 0.95 (samples/) and of versions up to 0.86, as xml_close in ui/report.c of their sources prints it."""

import pytest
from hypothesis import given

from bothways.traces import mtr_xml
from tests.helpers.mangled import mangled

OLD = """<MTR SRC=vm DST=www.example.com TOS=0x0 PSIZE=64 BITPATTERN=0x00 TESTS=10>
    <HUB COUNT=1 HOST=gateway.example>
        <Loss%>  10.0%</Loss%>
        <Snt>    10</Snt>
        <Last>  0,4</Last>
        <Avg>   0,5</Avg>
        <Best>  0,3</Best>
        <Wrst>  0,9</Wrst>
        <StDev> 0,1</StDev>
    </HUB>
    <HUB COUNT=2 HOST=???>
        <Loss%> 100.0%</Loss%>
        <Snt>    10</Snt>
    </HUB>
</MTR>
"""
NEW = OLD.replace("Loss%>", "Loss>").replace("HOST=gateway.example", 'HOST="gateway &amp; co"')


@pytest.mark.parametrize(("text", "name"), [(OLD, "gateway.example"), (NEW, "co")])
def test_attributes_are_read_with_and_without_quotes(text: str, name: str) -> None:
    assert mtr_xml.recognises('<?xml version="1.0"?>\n' + text)
    reading = mtr_xml.read("$ mtr -x -u www.example.com\n" + text, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.source, report.destination, report.probe, report.line) == ("vm", "www.example.com", "udp", 2)
    first, second = report.hops
    assert (first.replies[0].name, first.sent, first.loss) == (name, 10, 0.1)
    assert first.replies[0].round_trips == (300_000, 500_000, 900_000)
    assert (second.silent, second.line) == (True, 12)


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        (OLD[:-20], "breaks off", 1),
        (OLD[:200] + "\n" + OLD, "breaks off", OLD[:200].count("\n") + 2),
        (OLD.replace("COUNT=2", "COUNT=1"), "out of order", 11),
        (OLD.replace("COUNT=2", "COUNT=900"), "out of order", 11),
        (OLD.replace("HOST=???", ""), "without a host", 11),
        (OLD + "what?", "not understood", 16),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(text: str, says: str, line: int) -> None:
    reading = mtr_xml.read(text, file="x")
    assert any(says in problem.says and problem.line == line for problem in reading.problems)
    assert reading.content[0].hops[0].index == 1


def test_entities_are_characters_and_nothing_more() -> None:
    """A parser of XML would unfold these a billion times."""
    bomb = '<!DOCTYPE x [<!ENTITY a "&b;&b;"> <!ENTITY b "&a;&a;">]>\n' + NEW.replace("&amp;", "&a;")
    assert mtr_xml.read(bomb, file="x").content[0].hops[0].replies[0].name == "co"


@given(mangled(NEW, OLD))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_xml.recognises(text)
    assert len(mtr_xml.read(text, file="x").problems) <= 20
