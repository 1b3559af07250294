"""The client's side of TLS as bytes: OpenSSL through MemoryBIO, so that what is sent when is ours to decide.

Certificates are not verified: whoever answers under a name answers, which is what a path is asked about. What was shown
is noted.
"""

import ssl
from functools import cache

from bothways.errors import CallError
from bothways.wire.tls import fatal_alert

_CHUNK = 65_536


@cache
def _context(protocols: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


class TlsClient:
    """One connection's TLS. Give it what came with `take`; send what `outgoing` gives, after each call."""

    def __init__(self, name: str | None, *, protocols: tuple[str, ...] = ("http/1.1",)) -> None:
        """Raise CallError where *name* cannot stand in a ClientHello; None sends no name."""
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        try:
            self._tls = _context(protocols).wrap_bio(self._in, self._out, server_hostname=name)
        except (TypeError, ValueError, ssl.SSLError) as error:  # with a NUL byte in it, of no letters, too long
            message = f"{name!r} cannot be asked for by TLS: {error}"
            raise CallError(message) from error
        self._began = bytearray()
        self.secured = False
        self.error: str | None = None
        """Why TLS was broken off, by OpenSSL's word."""
        self.alert: int | None = None
        """Description of the server's fatal alert, if one came that could be read (RFC 8446 section 6.2)."""
        self.closed = False
        """The server said that it sends no more (close_notify)."""
        self._shake()

    def outgoing(self) -> bytes:
        """What is to be sent now."""
        return self._out.read()

    def take(self, data: bytes) -> bytes:
        """Give it bytes of the server; returns what they hold for the application."""
        if not self.secured and len(self._began) < _CHUNK:
            self._began += data
        self._in.write(data)
        if not self.secured:
            self._shake()
        return self._plain() if self.secured else b""

    def write(self, data: bytes) -> None:
        """Something of the application's to be sent; only after the handshake."""
        self._tls.write(data)

    @property
    def version(self) -> str | None:
        """`TLSv1.3`; None before the handshake."""
        return self._tls.version()

    @property
    def certificate(self) -> bytes | None:
        """What the server showed, DER; None before the handshake."""
        return self._tls.getpeercert(binary_form=True) if self.secured else None

    def _shake(self) -> None:
        if self.error is not None:
            return
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError as error:
            self._broke(error)
        else:
            self.secured = True

    def _plain(self) -> bytes:
        whole = bytearray()
        while self.error is None and not self.closed:
            try:
                piece = self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLZeroReturnError:
                piece = b""
            except ssl.SSLError as error:
                self._broke(error)
                break
            self.closed = not piece
            whole += piece
        return bytes(whole)

    def _broke(self, error: ssl.SSLError) -> None:
        self.error = (error.reason or str(error)).replace("_", " ").lower()
        self.alert = fatal_alert(bytes(self._began))


def client_hello(name: str | None, *, protocols: tuple[str, ...] = ("http/1.1",)) -> bytes:
    """A whole ClientHello record as this machine's OpenSSL would send it, with *name* or without.

    Raises:
        CallError: the name cannot stand in a ClientHello.
    """
    return TlsClient(name, protocols=protocols).outgoing()
