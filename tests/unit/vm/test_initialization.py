# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""First boot configuration in the ways that people write it: what is stored is what was said, and a second run changes nothing."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

KEYS = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA one@example.com", "ssh-rsa AAAAB3NzaC1yc2E two@example.com"]
SERVERS = ["10.1.1.1", "10.1.1.2"]


@pytest.mark.parametrize(("option", "given", "kept"), [
    ("authorized_ssh_keys", KEYS, KEYS),
    ("authorized_ssh_keys", [f"{KEYS[0]}\n"], KEYS[:1]),
    ("authorized_ssh_keys", "\n".join(KEYS) + "\n", KEYS),
    ("authorized_ssh_keys", [f"{KEYS[0]}\r\n{KEYS[1]}\r\n\n"], KEYS),
    ("authorized_ssh_keys", [f'from="10.0.0.1,10.0.0.2",no-pty {KEYS[1]}'], [f'from="10.0.0.1,10.0.0.2",no-pty {KEYS[1]}']),
    ("dns_servers", SERVERS, SERVERS),
    ("dns_servers", " ".join(SERVERS), SERVERS),
    ("dns_servers", ",".join(SERVERS), SERVERS),
    ("dns_servers", [", ".join(SERVERS)], SERVERS),
    ("dns_search", "example.com  example.org\n", ["example.com", "example.org"]),
    ("custom_script", "runcmd:\r\n  - touch /etc/ready  \r\n\n", "runcmd:\r\n  - touch /etc/ready  \r\n\n"),
    ("nics", [{"name": "eth0", "boot_protocol": "dhcp"}], None),
    ("nics", [{"name": "eth0", "boot_protocol": "static", "address": "192.0.2.5", "netmask": "255.255.255.0", "on_boot": True}], None),
])
def test_what_is_said_is_stored(option: str, given: Any, kept: Any) -> None:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    options = {"name": "told", "cluster": "stage", "initialization": {"host_name": "told", option: given}}
    planned = estate.run("vm", options, check=True)
    made = estate.made("vm", options)
    assert made["warnings"] == [] and made["diff"] == planned["diff"]
    shown = made["after"]["initialization"][option]
    assert shown == kept if kept is not None else [nic["on_boot"] for nic in shown] == [True]
    assert not estate.run("vm", options)["changed"]
