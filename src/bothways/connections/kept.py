"""A property that is computed once and kept in its object's dictionary.

`functools.cached_property` takes a lock for it up to Python 3.11: half of the time, where what is kept is cheap and
asked of each of very many connections. From 3.12 on it takes none.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property as kept
else:

    class kept:  # noqa: N801 - it is used as a decorator
        """What `functools.cached_property` is from Python 3.12 on."""

        def __init__(self, compute: Callable[[Any], Any]) -> None:
            self._compute, self._name, self.__doc__ = compute, compute.__name__, compute.__doc__

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self._compute(instance)
            return value


__all__ = ["kept"]
