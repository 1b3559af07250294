"""What can go wrong, and whose fault it is.

    BothwaysError
    ├── CallError        the call is wrong: an option, a path that does not exist
    ├── InputError       the input is wrong: nothing in it can be read or judged
    ├── MissingPermission  the call insisted on something that this user may not do
    └── InvalidRunError  a run of the lab came out other than planned, so that it proves nothing

Everything else that escapes is an internal error, ours.
"""


class BothwaysError(Exception):
    """A sentence that says what was attempted, on what, and what to do about it."""

    exit_status = 70


class CallError(BothwaysError):
    """The caller asked for something that cannot be: mend the call."""

    exit_status = 2


class InputError(BothwaysError):
    """The input holds nothing that can be read or judged: bring other evidence."""

    exit_status = 2


class MissingPermissionError(BothwaysError):
    """A permission is missing that the call insisted on."""

    exit_status = 3


class InvalidRunError(BothwaysError):
    """A run of the lab came out other than planned: nothing can be told from it."""

    exit_status = 4
