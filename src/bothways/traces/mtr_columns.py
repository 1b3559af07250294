"""The figures of an mtr hop, by the names of their columns (mtr(8), option `--order`)."""

from collections.abc import Sequence

from msgspec import Struct

from bothways.units import MILLISECOND, Duration

DEFAULT = ("Loss%", "Snt", "Last", "Avg", "Best", "Wrst", "StDev")
COLUMNS = frozenset({*DEFAULT, "Drop", "Rcv", "Gmean", "Jttr", "Javg", "Jmax", "Jint"})


class Statistics(Struct, frozen=True, kw_only=True):
    """The figures that a hop needs."""

    sent: int | None
    loss: float | None
    """Share, 0 to 1."""

    round_trips: tuple[Duration, ...]
    """Best, average, worst; empty where one of them is not printed, or where nothing was measured."""


def statistics(columns: Sequence[str], figures: Sequence[str]) -> Statistics:
    """What *figures*, numbers as printed, say under *columns*."""
    numbers = {column: _number(figure) for column, figure in zip(columns, figures, strict=False)}
    return from_numbers(numbers)


def from_numbers(numbers: dict[str, float]) -> Statistics:
    """What *numbers* say, by their column."""
    sent = int(numbers["Snt"]) if numbers.get("Snt", -1) >= 0 else None
    loss = _loss(numbers, sent)
    measured = [numbers[column] for column in ("Best", "Avg", "Wrst") if column in numbers]
    # Where nothing came back mtr prints 0.0, which is no measurement.
    heard = len(measured) == 3 and loss != 1.0 and sent != 0 and numbers.get("Rcv") != 0
    trips = tuple(Duration(round(one * MILLISECOND)) for one in measured) if heard else ()
    return Statistics(sent=sent, loss=loss, round_trips=trips)


def _loss(numbers: dict[str, float], sent: int | None) -> float | None:
    if "Loss%" in numbers:
        return numbers["Loss%"] / 100 if 0 <= numbers["Loss%"] <= 100 else None
    if not sent:
        return None
    lost = sent - numbers["Rcv"] if "Rcv" in numbers else numbers.get("Drop")
    return lost / sent if lost is not None and 0 <= lost <= sent else None


def _number(figure: str) -> float:
    return float(figure.removesuffix("%").replace(",", "."))
