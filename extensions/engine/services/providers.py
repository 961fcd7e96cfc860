"""External providers of networks, images, hosts and volumes.

Nothing answers behind a provider here: what asks it fails as it does on an engine whose provider is out of reach.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .. import errors
from ..rules.places import violation
from ..rules.refusals import Command
from .base import Collection, action, merge

OUT_OF_REACH = "Failed to communicate with the external provider, see log for additional details."
TABLES = ("external_host_provider", "open_stack_network_provider", "open_stack_image_provider")
NAME = re.compile(r"[\w.\-]+", re.ASCII)
NAME_FORMAT = 'Name must be formed of alphanumeric characters, numbers or "-_".'
AUTHENTICATION_URL = re.compile(r"http(s)?://[^/]*:\d+/(v3|v2\.0)/?")
LONGEST_PASSWORD = 200
NEUTRON = "An Openstack Neutron provider with authentication enabled requires "
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
SHOWN = ("name", "description", "url", "username", "requires_authentication", "authentication_url", "tenant_name", "user_domain_name",
         "project_name", "project_domain_name")


class Providers(Collection):
    """What all kinds have in common; ``kind`` is the engine's own name of it."""

    kind = ""
    own: tuple[str, ...] = ()
    defaults: dict[str, object] = {}

    def add(self, ctx, body, parents):
        row = {"id": ctx.new_id(), "name": body["name"], "description": "", "requires_authentication": False, "_type": self.kind, **self.defaults}
        self._take(row, body)
        self._check(ctx, row, body, Command("add", "provider"))
        self._check_new(ctx, row)
        ctx.event(205, "normal", f"Provider {row['name']} was added. (User: {ctx.identity.principal})")
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        wanted = dict(row)
        self._take(wanted, body)
        self._check(ctx, wanted, body, Command("edit", "provider"))
        if wanted.get("type") != row.get("type"):
            raise Command("edit", "provider").refuses(400, "The provider type cannot be changed.")
        row.update(wanted)
        ctx.event(207, "normal", f"Provider {row['name']} was updated. (User: {ctx.identity.principal})")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        ctx.event(209, "normal", f"Provider {row['name']} was removed. (User: {ctx.identity.principal})")

    @action("importcertificates")
    def import_certificates(self, ctx, row, body):
        raise errors.fault(400, f"[{OUT_OF_REACH}]")

    @action("testconnectivity")
    def test_connectivity(self, ctx, row, body):
        raise errors.fault(400, f"[{OUT_OF_REACH}]")

    def _take(self, row, body):
        merge(row, body, *(name for name in (*SHOWN, *self.own) if body.get(name) is not None))

    def _check(self, ctx, row, body, command):
        """What holds for every kind: first the fields, then what is there already."""
        if not NAME.fullmatch(row["name"] or ""):
            raise errors.refused(400, violation(NAME_FORMAT, "provider.name"))
        self._check_fields(row)
        self._check_url(row)
        for table in TABLES:
            other = ctx.table(table).named(row["name"])
            if other is not None and other["id"] != row["id"]:
                raise command.refuses(409, "The provider name is already in use, please choose a unique name and try again.")
        authentication = row.get("authentication_url")
        if authentication and not AUTHENTICATION_URL.fullmatch(authentication):
            raise command.refuses(400, f"The Provider has an invalid authentication URL {authentication}. "
                                       'The authentication URL must have the following format: "https://hostname:port/v3" or "http://hostname:port/v3".')
        if len(body.get("password") or "") > LONGEST_PASSWORD:
            raise command.refuses(400, f"The password must not exceed {LONGEST_PASSWORD} characters.")

    def _check_fields(self, row):
        """What a kind needs."""

    def _check_url(self, row):
        parts = urlsplit(row.get("url") or "")
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise errors.refused(500, "General command validation failure.")

    def _check_new(self, ctx, row):
        """What a new one may not be."""


def silence(provider) -> str:
    """Why nobody answers: nothing listens on the engine's own machine, and no way leads to another."""
    return "connection refused" if urlsplit(provider.get("url") or "").hostname in OWN_MACHINE else "no route to host"


class ExternalHostProviders(Providers):
    type = "external_host_provider"
    paths = ("externalhostproviders",)
    links = ("hosts", "computeresources", "discoveredhosts", "hostgroups", "certificates")
    kind = "FOREMAN"


class OpenstackNetworkProviders(Providers):
    type = "open_stack_network_provider"
    paths = ("openstacknetworkproviders",)
    links = ("networks", "certificates")
    kind = "EXTERNAL_NETWORK"
    own = ("type", "read_only", "auto_sync", "unmanaged", "plugin_type", "external_plugin_type", "agent_configuration")
    defaults = {"auto_sync": False, "read_only": True, "unmanaged": False}

    def _take(self, row, body):
        super()._take(row, body)
        if row.get("type") == "external":
            row.pop("plugin_type", None)
        elif row.get("plugin_type"):
            row["external_plugin_type"] = row["plugin_type"].upper()
        row["_type"] = "EXTERNAL_NETWORK" if row.get("type") == "external" else "OPENSTACK_NETWORK"

    def _check_fields(self, row):
        if not row.get("type"):
            raise errors.refused(400, violation("Provider type is required.", "provider.type"))

    def _check(self, ctx, row, body, command):
        super()._check(ctx, row, body, command)
        if row["type"] == "external":
            return
        if command.action == "add" and not row.get("external_plugin_type"):
            raise errors.refused(400, "Openstack Neutron provider requires a plugin type.")
        if row["requires_authentication"]:
            for given, what in ((row.get("username"), "a user name"), (body.get("password") or row.get("_password"), "a password"),
                                (row.get("authentication_url"), "an authentication url"),
                                (row.get("tenant_name") or row.get("user_domain_name"), "a tenant name or a user domain name")):
                if not given:
                    raise errors.refused(400, f"{NEUTRON}{what}.")

    def remove(self, ctx, row):
        users = [cluster["name"] for cluster in ctx.table("cluster") if cluster.get("_network_provider") == row["id"]]
        if users:
            listed = ",\n".join(f"\t{name}" for name in users)
            raise Command("remove", "provider").refuses(409, "External network provider is used as default network provider in the following cluster/s:\n"
                                                             f"{listed}\n - Please change default network provider first and try again.")
        super().remove(ctx, row)


class OpenstackImageProviders(Providers):
    type = "open_stack_image_provider"
    paths = ("openstackimageproviders",)
    links = ("images", "certificates")
    kind = "OPENSTACK_IMAGE"

    def _check_url(self, row):
        """Any text is taken."""

    def _check_new(self, ctx, row):
        modern = (row.get("authentication_url") or "").rstrip("/").endswith("v3")
        members = ("url", "project_name", "project_domain_name") if modern else ("url", "tenant_name")
        if any(all(other.get(name) == row.get(name) for name in members) for other in ctx.table("open_stack_image_provider")):
            same = "URL, project name and project domain name" if modern else "URL and tenant"
            raise Command("add", "provider").refuses(400, f"A provider with the same provider {same} already exists.")


class OpenstackVolumeProviders(Collection):
    """As observed: everything here fails with the application server's page."""

    type = "open_stack_volume_provider"
    paths = ("openstackvolumeproviders",)

    def rows(self, ctx, parents):
        raise errors.html(500, "Error", "")

    def find(self, ctx, ident, parents):
        raise errors.html(500, "Error", "")

    @property
    def add(self):
        """Fails before the body is looked at."""
        raise errors.html(500, "Error", "")

    update = remove = add

    @action("testconnectivity")
    def test_connectivity(self, ctx, row, body):
        """Never reached."""

    @action("importcertificates")
    def import_certificates(self, ctx, row, body):
        """Never reached."""


class ProviderParts(Collection):
    """Lists that are empty while nobody answers."""

    def rows(self, ctx, parents):
        if not any(ctx.row(table, parents["provider"].lower()) for table in TABLES):
            raise errors.not_found()
        return []

    def find(self, ctx, ident, parents):
        raise errors.not_found()


class ProviderCertificates(ProviderParts):
    type = "certificate"
    table = "_provider_certificate"
    paths = ("externalhostproviders/{provider}/certificates", "openstacknetworkproviders/{provider}/certificates",
             "openstackimageproviders/{provider}/certificates")


class VolumeProviderParts(OpenstackVolumeProviders):
    type = "certificate"
    table = "_volume_provider_certificate"
    paths = ("openstackvolumeproviders/{provider}/certificates",)


class VolumeTypes(OpenstackVolumeProviders):
    type = "open_stack_volume_type"
    paths = ("openstackvolumeproviders/{provider}/volumetypes",)


class VolumeKeys(OpenstackVolumeProviders):
    type = "openstack_volume_authentication_key"
    paths = ("openstackvolumeproviders/{provider}/authenticationkeys",)


class ComputeResources(ProviderParts):
    type = "external_compute_resource"
    paths = ("externalhostproviders/{provider}/computeresources",)


class DiscoveredHosts(ProviderParts):
    type = "external_discovered_host"
    paths = ("externalhostproviders/{provider}/discoveredhosts",)


class HostGroups(ProviderParts):
    type = "external_host_group"
    paths = ("externalhostproviders/{provider}/hostgroups",)


class ExternalHosts(ProviderParts):
    type = "external_host"
    paths = ("externalhostproviders/{provider}/hosts",)


class OpenstackNetworks(Collection):
    type = "open_stack_network"
    paths: tuple[str, ...] = ("openstacknetworkproviders/{provider}/networks",)

    def rows(self, ctx, parents):
        provider = ctx.row("open_stack_network_provider", parents["provider"].lower())
        if provider is None:
            return []
        raise errors.fault(400, f"engineexception: (failed with error {silence(provider)} and code 5050)")

    def find(self, ctx, ident, parents):
        self.rows(ctx, parents)
        raise errors.not_found()

    @action("import")
    def import_(self, ctx, row, body):
        """Never reached: nobody answers."""


class OpenstackSubnets(OpenstackNetworks):
    type = "open_stack_subnet"
    paths = ("openstacknetworkproviders/{provider}/networks/{open_stack_network}/subnets",)

    def add(self, ctx, body, parents):
        self.rows(ctx, parents)
        raise errors.not_found()

    def remove(self, ctx, row):
        """Never reached."""


class OpenstackImages(OpenstackNetworks):
    type = "open_stack_image"
    paths = ("openstackimageproviders/{provider}/images",)

    def rows(self, ctx, parents):
        provider = ctx.row("open_stack_image_provider", parents["provider"].lower())
        if provider is None:
            raise errors.fault(400, "engineexception: getisolisterror (failed with error getisolisterror and code 314)")
        raise errors.fault(400, silence(provider))

    def find(self, ctx, ident, parents):
        domain = ((ctx.body or {}).get("storage_domain") or {}).get("name")
        if domain is not None and ctx.table("storage_domain").named(domain) is None:
            raise errors.entity_not_found(f"Storage: name={domain}")
        raise errors.fault(400, "unexpected client exception")
