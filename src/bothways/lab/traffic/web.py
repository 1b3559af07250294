"""The lab's web server: as many bytes as were asked for, or the number of those that were brought."""

import re
import socket
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer

_ASKED = re.compile(r"/(\d{1,15})", re.ASCII)
_FILLER = b"The quick brown fox jumps over the lazy dog, as often as was asked for.\n" * 910
"""Just under 64 KiB."""


def answer(connection: socket.socket, refusal: int = 0) -> None:
    """Answer HTTP/1.1 requests on one connection until the client closes it, or asks to; all with *refusal*, if given.

    Raises:
        OSError: the connection broke.
        ValueError: its TLS was closed meanwhile.
    """
    # The handler asks a server only for its name, and a socket is all that it is given here.
    handler = type("_Refusing", (_Handler,), {"refusal": refusal}) if refusal else _Handler
    handler(connection, ("", 0), BaseServer(("", 0), _Handler))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: a second small segment would wait for the acknowledgement of the first.
    wbufsize = 65536
    refusal = 0
    """The status of every answer, where it is not 0."""

    def version_string(self) -> str:
        """What the header `Server` says."""
        return "web"

    def log_message(self, *_: object) -> None:
        """A server in a lab keeps no log: garbage is part of an experiment."""

    def do_GET(self) -> None:
        """N bytes for /N."""
        if self.refusal:
            self.send_error(self.refusal)
            return
        asked = _ASKED.fullmatch(self.path)
        if asked is None:
            self.send_error(404)
            return
        left = int(asked[1])
        self._head(left)
        while left:
            left -= self.wfile.write(_FILLER[:left])

    def do_POST(self) -> None:
        """The number of bytes of the body, once all are here."""
        said = self.headers.get("Content-Length", "")
        if not (said.isascii() and said.isdigit()):
            self.send_error(411)
            return
        taken = 0
        while taken < int(said):
            part = self.rfile.read1(min(int(said) - taken, 65536))
            if not part:
                self.close_connection = True
                return
            taken += len(part)
        body = f"{taken}\n".encode()
        self._head(len(body))
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """The same."""
        self.do_POST()

    def _head(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(length))
        self.end_headers()
