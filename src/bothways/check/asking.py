"""What is said on a connection so that its server answers, by port or scheme."""

from msgspec import Struct

from bothways.host.network.errand import Ask


class Known(Struct, frozen=True, kw_only=True):
    """What a URL's scheme tells."""

    ask: Ask
    port: int
    """Where none is given; 0: it must be."""


SCHEMES = {
    "https": Known(ask=Ask.HTTPS, port=443),
    "http": Known(ask=Ask.HTTP, port=80),
    "ssh": Known(ask=Ask.GREETING, port=22),
    "sftp": Known(ask=Ask.GREETING, port=22),
    "smtp": Known(ask=Ask.GREETING, port=25),
    "submission": Known(ask=Ask.GREETING, port=587),
    "smtps": Known(ask=Ask.TLS, port=465),
    "imap": Known(ask=Ask.GREETING, port=143),
    "imaps": Known(ask=Ask.TLS, port=993),
    "pop3": Known(ask=Ask.GREETING, port=110),
    "pop3s": Known(ask=Ask.TLS, port=995),
    "ftp": Known(ask=Ask.GREETING, port=21),
    "ldaps": Known(ask=Ask.TLS, port=636),
    "mysql": Known(ask=Ask.GREETING, port=3306),
    "tls": Known(ask=Ask.TLS, port=0),
    "tcp": Known(ask=Ask.GREETING, port=0),
}
"""Schemes of RFC 3986 URLs, and two of our own for what has none."""

_TLS = frozenset({known.port for known in SCHEMES.values() if known.ask is Ask.TLS} | {853, 990, 5061, 6697})
_GREETING = frozenset({known.port for known in SCHEMES.values() if known.ask is Ask.GREETING} | {119, 2525, 4190, 5900})
_HTTP = frozenset({80, 3000, 5000, 8000, 8008, 8080, 8081, 8888, 9090})


def ask_at(port: int) -> Ask:
    """What is usually said at *port*. A web server's TLS is the guess for all that have no custom."""
    if port in _HTTP:
        return Ask.HTTP
    if port in _GREETING:
        return Ask.GREETING
    return Ask.TLS if port in _TLS else Ask.HTTPS
