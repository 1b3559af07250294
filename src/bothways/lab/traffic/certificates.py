"""Certificates for the lab's servers, each signed by itself."""

import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from bothways.lab.world import nodes

_LONGEST_COMMON_NAME = 64
"""Characters (RFC 5280 appendix A.1, ub-common-name)."""


def server_context(node: str, names: Sequence[str], work: Path) -> ssl.SSLContext:
    """TLS as a server with these names speaks it; a node without names goes by its own.

    It shows its one certificate whatever name the client asks for, and agrees to HTTP/1.1 where that is offered.
    openssl(1) makes the key (EC, P-256) and the certificate, which leave nothing in the folder *work*.

    Raises:
        ProgramError: openssl did not do it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with TemporaryDirectory(dir=work) as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        nodes.run(node, *_request(names or [node], key, certificate))
        context.load_cert_chain(certificate, key)
    return context


def _request(names: Sequence[str], key: Path, certificate: Path) -> list[str]:
    """The call of openssl-req(1)."""
    subject = names[0].replace("\\", "").replace("/", "")[:_LONGEST_COMMON_NAME]
    alternatives = ",".join(f"{'IP' if _is_address(name) else 'DNS'}:{name}" for name in names)
    return [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-days", "3650", "-subj", f"/CN={subject}", "-addext", f"subjectAltName={alternatives}"),
        *("-keyout", str(key), "-out", str(certificate)),
    ]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
