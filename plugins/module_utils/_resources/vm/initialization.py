# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""First boot of a VM: cloud-init, Ignition and sysprep.

https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-initialization
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import NEXT_RUN, Bool, Enum, Group, ListOf, SecretText, Struct, Text, dig

PROTOCOLS = ("none", "dhcp", "autoconf", "static", "poly_dhcp_autoconf")


def _words(option: str, doc: str, path: str) -> Words:
    return Words(option, doc, path=path, each=Text("item", ""), ordered=True, effect=NEXT_RUN)


class Words(ListOf):
    """A list that the engine keeps as words in one string. Who writes several of them as one text means each."""

    def parts(self, text: str) -> list[str]:
        return [word for word in re.split(r"[\s,]+", text) if word]

    def accept(self, given: Any, option: str) -> Any:
        return [part for text in given for part in self.parts(str(text))]

    def read(self, wire: Any) -> Any:
        value = dig(wire, self.where)
        return self.parts(str(value)) if value else []

    def to_wire(self, native: Any) -> Any:
        return " ".join(native)


class Lines(Words):
    """A list that the engine keeps as lines of one string."""

    def parts(self, text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    def to_wire(self, native: Any) -> Any:
        return "\n".join(native)


class GuestNic(Struct):
    """A network device of the guest. The engine takes only those that are brought up at boot, and wants to be told so."""

    def accept(self, given: Any, option: str) -> Any:
        return {"on_boot": True, **super().accept(given, option)}


def _address(family: str, mark: str) -> tuple[Any, ...]:
    return (
        Enum(f"{mark}boot_protocol", f"How it gets its {family} address.", choices=PROTOCOLS),
        Text(f"{mark}address", f"{family} address for the static protocol.", path=f"{'ip' if not mark else 'ipv6'}.address"),
        Text(f"{mark}netmask", "Netmask." if not mark else "Prefix length.", path=f"{'ip' if not mark else 'ipv6'}.netmask"),
        Text(f"{mark}gateway", f"{family} gateway.", path=f"{'ip' if not mark else 'ipv6'}.gateway"),
    )


INITIALIZATION = Group(
    "initialization",
    (
        "What the guest is told at its first boot, by cloud-init, Ignition or sysprep, whichever its operating system takes.",
        "The engine never gives passwords back, so they are sent when something else here changes, and are not compared.",
    ),
    fields=(
        Text("host_name", "Name of the guest.", path="initialization.host_name", effect=NEXT_RUN),
        Text("domain", "Windows domain to join.", path="initialization.domain", effect=NEXT_RUN),
        Text("timezone", "Time zone of the guest, for example V(Europe/Berlin).", path="initialization.timezone", effect=NEXT_RUN),
        Text("user_name", "User to make, or to give the password and keys to.", path="initialization.user_name", effect=NEXT_RUN),
        SecretText("root_password", "Password of that user (of root or Administrator where none is named).", path="initialization.root_password"),
        Lines(
            "authorized_ssh_keys",
            "Public SSH keys that may log in.",
            path="initialization.authorized_ssh_keys",
            each=Text("key", ""),
            ordered=True,
            effect=NEXT_RUN,
        ),
        Bool("regenerate_ssh_keys", "Whether the guest makes new host keys.", path="initialization.regenerate_ssh_keys", effect=NEXT_RUN),
        _words("dns_servers", "Name servers.", "initialization.dns_servers"),
        _words("dns_search", "Domains that names are looked up in.", "initialization.dns_search"),
        ListOf(
            "nics",
            "Network devices as the guest names them.",
            path="initialization.nic_configurations.nic_configuration",
            each=GuestNic(
                "nic",
                "",
                fields=(
                    Text("name", "Name in the guest, for example V(eth0).", needed=True),
                    Bool("on_boot", "Whether it is brought up at boot. V(true) when it is left out; the engine takes nothing else."),
                    *_address("IPv4", ""),
                    *_address("IPv6", "ipv6_"),
                ),
            ),
            effect=NEXT_RUN,
        ),
        Enum(
            "network_protocol",
            "Form in which cloud-init is told about networks.",
            path="initialization.cloud_init_network_protocol",
            choices=("openstack_metadata", "eni"),
            effect=NEXT_RUN,
        ),
        Text(
            "custom_script",
            (
                "Further cloud-config in YAML, an Ignition document, or a sysprep file.",
                "It is shown in results and diffs, since the engine shows it, too: put secrets into it only if the engine's users may read them.",
            ),
            path="initialization.custom_script",
            effect=NEXT_RUN,
        ),
        SecretText("windows_license_key", "Product key for sysprep.", path="initialization.windows_license_key"),
        Text("input_locale", "Input locale for sysprep.", path="initialization.input_locale", effect=NEXT_RUN),
        Text("ui_language", "Language of the user interface for sysprep.", path="initialization.ui_language", effect=NEXT_RUN),
        Text("system_locale", "System locale for sysprep.", path="initialization.system_locale", effect=NEXT_RUN),
        Text("user_locale", "User locale for sysprep.", path="initialization.user_locale", effect=NEXT_RUN),
        Text("active_directory_ou", "Organizational unit in Active Directory for sysprep.", path="initialization.active_directory_ou", effect=NEXT_RUN),
        Text("org_name", "Organization for sysprep.", path="initialization.org_name", effect=NEXT_RUN),
    ),
)
