"""What one errand says and hears over its connection, as bytes; no socket is in it."""

import hashlib

from bothways.errors import CallError
from bothways.host.network.errand import Ask, Errand
from bothways.host.network.http_answer import HttpAnswer, request
from bothways.host.network.sockets import is_v6
from bothways.host.network.tls_client import TlsClient
from bothways.wire.tls import is_record

_WEB_PORTS = {Ask.HTTP: 80, Ask.HTTPS: 443}


class Talk:
    """The errand's side of the conversation."""

    def __init__(self, errand: Errand) -> None:
        """Raise CallError where the errand's name or path cannot be asked for."""
        if any(not " " < letter < "\x7f" for letter in f"{errand.name or ''}{errand.path}"):
            message = f"a name and a path are of visible ASCII characters, and {errand.name!r} {errand.path!r} is not"
            raise CallError(message)
        self._errand = errand
        self._tls = TlsClient(errand.name) if errand.ask in {Ask.TLS, Ask.HTTPS} else None
        self._http = HttpAnswer() if errand.ask in _WEB_PORTS else None
        self._asked = False
        self._out = bytearray()
        self.received = 0
        """Bytes of the server so far, as TCP brought them."""
        self.answered = False
        """The application's first words came: HTTP's or a greeting; for `Ask.TLS` the handshake is done."""
        self.tls_answered = False
        """A TLS message came."""

    def begin(self) -> None:
        """The connection is there."""
        self._speak()

    def say(self, data: bytes) -> None:
        """Bytes that belong to no protocol."""
        self._out += data

    def outgoing(self) -> bytes:
        """What is to be sent now; empty where it is the server's turn."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def take(self, data: bytes) -> None:
        """Bytes of the server."""
        self.received += len(data)
        if self._tls is not None:
            self.tls_answered = self.tls_answered or is_record(data)
            self._hear(self._tls.take(data))
            self._speak()
        else:
            self._hear(data)

    @property
    def hello_sent(self) -> bool:
        """Whether this errand sends a ClientHello."""
        return self._tls is not None

    @property
    def secured(self) -> bool:
        """The TLS handshake is done."""
        return self._tls is not None and self._tls.secured

    @property
    def complete(self) -> bool:
        """All that was asked for came, or as much of it as is read."""
        if self.declined or self.received >= self._errand.most > 0:
            return True
        if self._http is not None:
            return self._http.complete or (self._over and self._http.ends_with_connection)
        return self.answered and self._errand.ask is not Ask.NOTHING

    def complete_by_close(self) -> bool:
        """Whether a close by the server now completes what was asked for."""
        return self.complete or (self._http is not None and self._http.ends_with_connection)

    @property
    def declined(self) -> bool:
        """TLS was broken off in words, by either side."""
        return self._tls is not None and self._tls.error is not None

    @property
    def why_declined(self) -> str | None:
        """In OpenSSL's words."""
        return None if self._tls is None else self._tls.error

    @property
    def status(self) -> int | None:
        """HTTP status."""
        return None if self._http is None else self._http.status

    @property
    def tls_version(self) -> str | None:
        """`TLSv1.3`."""
        return None if self._tls is None else self._tls.version

    @property
    def certificate_sha256(self) -> str | None:
        """Of the server's certificate, which nobody verified; hex."""
        shown = None if self._tls is None else self._tls.certificate
        return None if shown is None else hashlib.sha256(shown).hexdigest()

    @property
    def _over(self) -> bool:
        return self._tls is not None and self._tls.closed

    def _hear(self, plain: bytes) -> None:
        if self._errand.ask is Ask.TLS:
            self.answered = self.secured
        elif plain:
            self.answered = True
            if self._http is not None:
                self._http.take(plain)

    def _speak(self) -> None:
        ready = self._http is not None and (self._tls is None or self._tls.secured)
        if ready and not self._asked:
            self._asked = True
            asked = request(self._host, self._errand.path, self._errand.padding)
            if self._tls is None:
                self._out += asked
            else:
                self._tls.write(asked)
        if self._tls is not None:
            self._out += self._tls.outgoing()

    @property
    def _host(self) -> str:
        """The Host field: with the port where it is not the scheme's own (RFC 9110 section 7.2)."""
        errand = self._errand
        plain = errand.address.partition("%")[0]
        host = errand.name or (f"[{plain}]" if is_v6(plain) else plain)
        return host if errand.port == _WEB_PORTS[errand.ask] else f"{host}:{errand.port}"
