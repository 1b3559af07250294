"""The history string of a connection, after Zeek's conn.log."""

_MOST_REPEATS = 8
"""Repeats of S and H that stand in a row."""

_LONG = 64
"""Letters from which on an ordinary transfer adds no more: memory must grow with connections, not with packets."""

_LONGEST = 128
"""Letters at which nothing is added any more."""

_EACH_COUNTS = frozenset("SsHh")
_ORDINARY = frozenset("AaDdTt")


def extended(history: str, letter: str) -> str:
    """A history with one more letter, where the rules let it stand."""
    if letter in _EACH_COUNTS:
        if history.endswith(letter * _MOST_REPEATS):
            return history
    elif history.endswith(letter):
        return history
    if len(history) >= (_LONG if letter in _ORDINARY else _LONGEST):
        return history
    return history + letter
