# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: engine
short_description: VMs of an oVirt engine as an inventory
version_added: 1.0.0
author: virtops.ovirt contributors (@virtops)
description:
  - Makes a host of each VM of an oVirt, Red Hat Virtualization or Oracle Linux Virtualization Manager engine.
  - The file has to end in C(ovirt.yml), C(ovirt4.yml), C(engine.yml) or the same with C(yaml), and to say C(plugin) V(virtops.ovirt.engine).
  - What the file says and the plugin does not know is an error.
  - It takes about eight requests, and one for each O(page_size) VMs, however many VMs there are.
options:
  plugin:
    description: Marks the file as one of this plugin.
    required: true
    choices: [virtops.ovirt.engine]
  search:
    description:
      - Only VMs that fit this query in the search language of the engine, such as V(cluster=prod and tag=web).
      - The engine answers a query that it does not understand with no VM at all; there is a warning when nothing fits.
    type: str
  hostnames:
    description:
      - What a host is called, the first of the list that a VM has.
      - Each is a variable of the VM, such as V(name), V(fqdn) or V(id), or a Jinja template of its variables in double braces.
      - VMs that come out with one name, of two data centers for example, are hosts by their ids instead, and a warning names them.
        With O(strict=true) that is an error.
    type: list
    elements: str
    default: [name]
    aliases: [ovirt_hostname_preference]
  address_networks:
    description:
      - Logical networks; C(ansible_host) is the address that the guest has on the first of them where it has one.
      - When it is left out, the first address that the guest agent reports.
    type: list
    elements: str
    default: []
  address_family:
    description: Which addresses C(ansible_host) may be.
    choices: [v4, v6, any]
    default: v4
  statistics:
    description: Whether hosts have the variable C(statistics), which costs the engine about 10 ms for each VM.
    type: bool
    default: false
  page_size:
    description: How many VMs the engine answers at a time.
    type: int
    default: 1000
  prefix:
    description: What the names of variables begin with, except C(ansible_host). Without one, C(name), C(tags) and others may get in the way of Ansible's own.
    type: str
    default: ovirt_
  refresh:
    description:
      - With O(cache=true), what happens when the cache still holds.
      - V(events) asks the engine for its events since, and reads the VMs again that they name. What a guest changes by itself, its addresses above all,
        makes no event.
      - V(never) takes the cache as it is, without a request.
    choices: [events, never]
    default: events
  ovirt_url:
    description: The same as C(engine.url), for files of another plugin.
    type: str
  ovirt_username:
    description: The same as C(engine.username).
    type: str
  ovirt_password:
    description: The same as C(engine.password).
    type: str
  ovirt_cafile:
    description: The same as C(engine.ca_file).
    type: path
  ovirt_insecure:
    description: With V(true), the same as C(engine.validate_certs=false).
    type: bool
  ovirt_query_filter:
    description:
      - Of the dictionary, C(search) is the same as O(search), C(case_sensitive) tells whether the engine minds the case in it, and C(max) is the most VMs that
        are read.
    type: dict
notes:
  - All variables are in C(ovirt_) names unless O(prefix) says otherwise - id, name, fqdn, status, description, comment, cluster, data_center, host,
    template, type, os_type, memory (bytes), cpu, creation_time (milliseconds), tags, affinity_labels, custom_properties,
    devices (addresses by device), addresses.
extends_documentation_fragment:
  - virtops.ovirt.engine
  - constructed
  - inventory_cache
"""

EXAMPLES = r"""
---
# inventory/prod.ovirt.yml; the engine and the login come from OVIRT_URL, OVIRT_USERNAME, OVIRT_PASSWORD and OVIRT_CAFILE.
plugin: virtops.ovirt.engine
search: cluster=prod and status=up
hostnames: [fqdn, name]
address_networks: [management]
keyed_groups:
  - key: ovirt_cluster
    prefix: cluster
  - key: ovirt_tags
    prefix: tag
groups:
  big: ovirt_memory > 16 * 1024 ** 3
compose:
  ansible_user: "'cloud-user' if ovirt_os_type.startswith('rhel') else omit"
cache: true
cache_plugin: jsonfile
cache_connection: ~/.cache/inventory
cache_timeout: 86400
"""

import os
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleParserError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._base.memory import all_kept
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.inventory import NAMES, Report, Wish, address, read, refresh

try:
    import requests  # noqa: F401  pylint: disable=unused-import

    HAS_REQUESTS = True
except ImportError:
    HAS_REQUESTS = False

try:
    from ansible.template import trust_as_template  # noqa: F401  pylint: disable=unused-import

    # Since ansible-core 2.19 nothing is a template that is not said to be one.
    def never_a_template(value):
        return value

except ImportError:
    never_a_template = wrap_var

ENDINGS = tuple(f"{name}.{suffix}" for name in ("ovirt", "ovirt4", "engine") for suffix in ("yml", "yaml"))
OF_A_FILTER = frozenset({"search", "case_sensitive", "max"})
OF_OTHERS = {"ovirt_url": "url", "ovirt_username": "username", "ovirt_password": "password", "ovirt_cafile": "ca_file"}


def _know(place: str, given: Mapping[str, Any], names: Collection[str]) -> None:
    """:raises InvalidInput: something is given that is not among the names."""
    for name in given:
        if name not in names:
            near = get_close_matches(str(name), names, n=1)
            hint = f"Did you mean {place}{near[0]}?" if near else f"There are {', '.join(sorted(names))}."
            raise InvalidInput(f"{place}{name}: there is no such option.", hint=hint)


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "virtops.ovirt.engine"

    def verify_file(self, path):
        return super().verify_file(path) and path.endswith(ENDINGS)

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        if not HAS_REQUESTS:
            raise AnsibleParserError("The inventory plugin virtops.ovirt.engine needs the Python library requests on the controller.")
        config = self._read_config_data(path)
        try:
            self._refuse_unknown(config)
            wish = self._wish()
            with all_kept():
                report = self._report(path, wish, cache)
                self._populate(report)
        except EngineError as error:
            raise AnsibleParserError(f"{path}: {error}") from error
        if wish.search and not report.vms:
            self.display.warning(f"{path}: no VM fits the search {wish.search!r}. A query that the engine does not understand looks the same.")

    def _refuse_unknown(self, config: Any) -> None:
        """:raises InvalidInput: the file, or what is in one of its options, is not understood."""
        known = C.config.get_configuration_definitions("inventory", self._load_name)
        names = {*known, *(alias for entry in known.values() for alias in entry.get("aliases") or [])}
        _know("", config or {}, names)
        _know("ovirt_query_filter.", self.get_option("ovirt_query_filter") or {}, OF_A_FILTER)
        variables = {*NAMES, *(f"{self.get_option('prefix')}{name}" for name in NAMES)}
        for text in self.get_option("hostnames"):
            if "{{" not in text and "{%" not in text and text not in variables:
                hint = f"There are {', '.join(NAMES)}; a template is written in double braces."
                raise InvalidInput(f"hostnames: VMs have no variable {text!r}.", hint=hint)
        for group in self.get_option("keyed_groups"):
            key = group.get("key")
            if key in NAMES and key not in (self.get_option("compose") or {}) and self.get_option("prefix"):
                self.display.warning(f"keyed_groups: the variable {key} is called {self.get_option('prefix')}{key}, unless prefix says otherwise.")

    def _wish(self) -> Wish:
        filtered = self.get_option("ovirt_query_filter") or {}
        case, most = filtered.get("case_sensitive"), filtered.get("max")
        return Wish(
            search=self.templar.template(self.get_option("search") or filtered.get("search")),
            params=() if case is None else (("case_sensitive", str(boolean(case)).lower()),),
            most=None if most is None else int(most),
            statistics=self.get_option("statistics"),
            networks=bool(self.get_option("address_networks")),
            page_size=self.get_option("page_size"),
            kept=bool(self.get_option("cache")),
        )

    def _client(self):
        # Imported here: a warm cache that is not refreshed speaks to nobody.
        from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
        from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection

        options = {key: value for name, key in OF_OTHERS.items() if (value := self.get_option(name)) is not None}
        if self.get_option("ovirt_insecure"):
            options["validate_certs"] = False
        options.update(self.get_option("engine") or {})
        options = self.templar.template(options)
        if options.get("ca_file"):
            options["ca_file"] = os.path.expanduser(options["ca_file"])
        return Client(Connection.from_options(options))

    def _report(self, path: str, wish: Wish, cache: bool) -> Report:
        self.load_cache_plugin()
        key = self.get_cache_key(path)
        use = self.get_option("cache") and cache
        kept = None
        if use:
            try:
                kept = self._cache[key]
            except KeyError:
                pass
        if kept is not None and kept.get("wish") == repr(wish):
            report = Report(kept["vms"], kept["cursor"])
            if self.get_option("refresh") == "events":
                with self._client() as client:
                    report = refresh(client, wish, report)
        else:
            with self._client() as client:
                report = read(client, wish)
        if self.get_option("cache"):
            self._cache[key] = {"wish": repr(wish), "vms": report.vms, "cursor": report.cursor}
        return report

    def _populate(self, report: Report) -> None:
        prefix, strict = self.get_option("prefix"), self.get_option("strict")
        networks, family = self.get_option("address_networks"), self.get_option("address_family")
        # What the engine says, a guest may have said: it is never taken for a template.
        each = [(vm, never_a_template({f"{prefix}{name}": value for name, value in vm.items()})) for vm in report.vms.values()]
        for host, (vm, variables) in self._named(each, strict):
            reached = address(vm, networks, family)
            if reached:
                variables["ansible_host"] = never_a_template(reached)
            self.inventory.add_host(host)
            # Of the host itself: what comes from JSON needs none of the conversions that the inventory has for values of any origin.
            settle = self.inventory.hosts[host].set_variable
            for name, value in variables.items():
                settle(name, value)
            self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)

    def _named(self, each: list[Any], strict: bool) -> Iterator[tuple[str, Any]]:
        """Each with its host name; those that share one go by their ids: nobody is to reach one of them for another."""
        called: dict[str, list[Any]] = {}
        for one in each:
            called.setdefault(self._hostname(*one), []).append(one)
        for host, those in called.items():
            if len(those) == 1:
                yield host, those[0]
                continue
            ids = ", ".join(vm["id"] for vm, _variables in those)
            problem = f"{len(those)} VMs are called {host}, with the ids {ids}"
            if strict:
                raise AnsibleParserError(f"{problem}: add another name to hostnames, or search for one.")
            self.display.warning(f"{problem}, which are their host names now: add another name to hostnames, or search for one.")
            yield from ((vm["id"], (vm, variables)) for vm, variables in those)

    def _hostname(self, vm: dict[str, Any], variables: dict[str, Any]) -> str:
        for preference in self.get_option("hostnames"):
            if "{{" in preference or "{%" in preference:
                self.templar.available_variables = variables
                found = self.templar.template(preference)
            else:
                found = variables[preference] if preference in variables else vm.get(preference)
            if found:
                return str(found)
        return str(vm["name"])

    def _compose(self, template, variables, *arguments, **keywords):
        """The name of a variable is its value; Ansible compiles each expression anew for each host."""
        if isinstance(template, str) and template in variables:
            return variables[template]
        return super()._compose(template, variables, *arguments, **keywords)
