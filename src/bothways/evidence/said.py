"""What the beginning of a payload says about the service itself, where it can be read."""

from enum import StrEnum

from msgspec import Struct


class Says(StrEnum):
    """What kind of word it is."""

    ALERT = "alert"
    """A fatal alert of TLS in clear; the code is its description (RFC 8446 section 6)."""
    SEALED_ALERT = "sealed-alert"
    """One encrypted record of TLS that is as short as an alert."""
    CIPHERED = "ciphered"
    """Other records of TLS by which the sender shows that it encrypts."""
    STATUS = "status"
    """An HTTP response; the code is its status."""
    TURNS_AWAY = "turns-away"
    """Words with which a server that speaks first refuses its service."""


class Said(Struct, frozen=True, kw_only=True):
    """A word about the service."""

    says: Says
    code: int | None = None
