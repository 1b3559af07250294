"""Certificates for the lab's servers, each signed by itself."""

import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from bothways.lab.model.traffic import Service
from bothways.lab.world import nodes

_NOT_WITH_THIS_KEY = "AES128-SHA"
"""A cipher of TLS 1.2 that takes a key of RSA, which no server here has."""

_LONGEST_COMMON_NAME = 64
"""Characters (RFC 5280 appendix A.1, ub-common-name)."""


def server_context(service: Service, work: Path) -> ssl.SSLContext:
    """TLS as the server of a service speaks it; one without names goes by its node's.

    Where it refuses, no client gets past its ClientHello. Else it shows its one certificate whatever name the client
    asks for, and agrees to HTTP/1.1 where that is offered. openssl(1) makes the key (EC, P-256) and the certificate,
    which leave nothing in the folder *work*.

    Raises:
        ProgramError: openssl did not do it.
    """
    node, names = service.node, service.names
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with TemporaryDirectory(dir=work) as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        nodes.run(node, *_request(names or [node], key, certificate))
        context.load_cert_chain(certificate, key)
    match service.refuses:
        case "name":
            context.set_servername_callback(_knows_nobody)
        case "cipher":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(_NOT_WITH_THIS_KEY)
        case _:
            pass
    return context


def _knows_nobody(*_: object) -> int:
    """Answer whatever name with the fatal alert unrecognized_name."""
    return ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


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
