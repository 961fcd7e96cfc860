# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  engine:
    description:
      - Where the engine is, and who asks.
      - Every module of the collection takes it, so that C(module_defaults) can say it once for the group C(virtops.ovirt.all).
      - What is left out comes from the environment of the task, where a variable is named below.
    type: dict
    suboptions:
      url:
        description:
          - Address of the engine, such as C(https://engine.example.com/ovirt-engine/api). The name of the host, or C(host:port), is enough.
          - Falls back to the environment variable E(OVIRT_URL).
        type: str
      username:
        description:
          - User with its profile, such as C(admin@internal).
          - Falls back to the environment variable E(OVIRT_USERNAME).
        type: str
      password:
        description:
          - Password of the user.
          - Falls back to the environment variable E(OVIRT_PASSWORD).
        type: str
      token:
        description:
          - SSO token to use instead of user and password. It is not logged out at the end.
          - Falls back to the environment variable E(OVIRT_TOKEN).
        type: str
      auth:
        description:
          - V(sso) logs in once and sends the token it gets, V(basic) sends user and password with each request.
          - V(sso) when it is left out.
        type: str
        choices:
          - sso
          - basic
      ca_file:
        description:
          - PEM file of the certificate authorities to trust, instead of those of the system.
          - Falls back to the environment variable E(OVIRT_CAFILE).
        type: path
      validate_certs:
        description:
          - Whether the certificate of the engine has to be valid. Turn it off only for a test.
          - Falls back to the environment variable E(OVIRT_VALIDATE_CERTS), and is V(true) without it.
        type: bool
      timeout:
        description:
          - Seconds that a request may stay without an answer, 60 when it is left out.
        type: float
      connect_timeout:
        description:
          - Seconds to make a connection, 10 when it is left out.
        type: float
      retries:
        description:
          - How often a request that is safe to repeat is repeated while the engine has not answered at all, 3 when it is left out.
        type: int
      patience:
        description:
          - Seconds for which an outage of an engine that did answer before (a restart of it) is waited out, 180 when it is left out.
        type: float
      headers:
        description:
          - Headers to send with each request.
        type: dict
      proxy:
        description:
          - URL of an HTTP proxy. An empty string uses none, whatever the environment says; left out, the environment counts (E(HTTPS_PROXY), E(NO_PROXY)).
        type: str
      pool_size:
        description:
          - Connections to the engine at a time, 8 when it is left out.
        type: int
      session_cache:
        description:
          - Directory where the SSO token is kept for the next task, readable for this user only. Left out, C(~/.cache/virtops.ovirt/sessions).
        type: path
      keep_session:
        description:
          - Whether the SSO token is kept for the next task, so that a play logs in once. V(true) when it is left out; V(false) makes each task log in and out.
        type: bool
requirements:
  - requests >= 2.25
"""
