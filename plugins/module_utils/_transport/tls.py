# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom to trust."""

from __future__ import annotations

import os
import ssl
from typing import Mapping, Optional, Union

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def trusted(ca_file: Optional[str], validate_certs: bool, environ: Mapping[str, str]) -> Union[bool, str]:
    """The ``verify`` of ``requests``: a file or directory of authorities, True for its own, False to accept anything.

    The option comes first, then the environment, then what the system trusts. It is resolved here because ``requests``
    would let the environment overrule an option.

    :raises InvalidInput: the file holds no certificate, or the environment names none.
    """
    if not validate_certs:
        return False
    if ca_file is not None:
        return _readable(ca_file, "engine.ca_file")
    for variable in _BUNDLES:
        place = environ.get(variable)
        if place:
            return place if os.path.isdir(place) else _readable(place, f"the environment variable {variable}")
    system = ssl.get_default_verify_paths()
    if system.cafile and os.path.isfile(system.cafile):
        return system.cafile
    if system.capath and os.path.isdir(system.capath) and os.listdir(system.capath):
        return system.capath
    return True


def explain(error: BaseException) -> tuple[str, str]:
    """What a failed handshake means, and what to do about it."""
    text = str(error)
    if "Hostname mismatch" in text or "doesn't match" in text or "IP address mismatch" in text:
        return "the certificate of the server is for another name", "Write engine.url with the name that the engine's certificate is for."
    if "certificate has expired" in text:
        return "the certificate of the server has expired", "Renew it on the engine (engine-setup does)."
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return (
            "the certificate of the server is signed by an authority that is not trusted here",
            "Give the engine's own as engine.ca_file (https://ENGINE/ovirt-engine/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA),"
            " or accept any with engine.validate_certs: false.",
        )
    if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text or "HTTP_REQUEST" in text:
        return "the server does not speak TLS on this port", "Check the port in engine.url."
    return "the TLS handshake failed", "Check engine.url and what lies between here and the engine."


def _readable(path: str, whose: str) -> str:
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise InvalidInput(f"{whose}: {path!r} holds no certificate in PEM form") from error
    except OSError as error:
        raise InvalidInput(f"{whose}: {path!r} cannot be read: {error.strerror}") from error
    return path
