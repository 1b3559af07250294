"""Whose addresses are, by a database that the user has as a file. Nobody is asked over the network."""

from collections.abc import Mapping

from msgspec import Struct


class Network(Struct, frozen=True, kw_only=True):
    """An autonomous system."""

    number: int
    """1 to 4294967295 (RFC 6793); 0 is nobody's (RFC 7607) and stands for nothing here."""

    organisation: str | None = None
    """Whose it is, in the database's words, escaped; None where it does not say."""


class AddressBook(Struct, frozen=True, kw_only=True):
    """What one database says of the addresses of a case, and of no others."""

    file: str
    owners: Mapping[str, Network]
    """By canonical address; an address that the database does not know is not among them."""
