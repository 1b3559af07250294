"""Reports are held in memory, so there is a bound to them."""

from bothways.evidence.path_report import PathReport
from bothways.traces.runs import MOST_RUNS, Runs


def test_what_is_too_much_is_counted_and_told() -> None:
    runs = Runs(file="x")
    report = PathReport(
        file="x", tool="mtr", probe=None, source=None, destination=None, destination_address=None, hops=()
    )
    for _ in range(MOST_RUNS + 5):
        runs.add(report)
    reading = runs.reading("mtr")
    assert len(reading.content) == MOST_RUNS
    assert "5 more were left out" in reading.problems[0].says


def test_nothing_found_is_said() -> None:
    assert [str(problem) for problem in Runs(file="x").reading("mtr").problems] == ["no mtr report was found"]
