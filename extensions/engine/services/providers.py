"""External providers of networks, images, hosts and volumes.

Nothing answers behind a provider here: what asks it fails as it does on an engine whose provider is out of reach.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from .. import errors
from .base import Collection, action, merge

OUT_OF_REACH = "Failed to communicate with the external provider, see log for additional details."
REFUSED = "engineexception: (failed with error connection refused and code 5050)"
SHOWN = ("name", "description", "url", "username", "requires_authentication", "authentication_url", "tenant_name", "user_domain_name",
         "project_name", "project_domain_name")


class Providers(Collection):
    """What all kinds have in common; ``kind`` is the engine's own name of it."""

    kind = ""
    own: tuple[str, ...] = ()
    defaults: dict[str, object] = {}

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Provider", ["name"], "add")
        self._check(ctx, body, None)
        row = {"id": ctx.new_id(), "name": body["name"], "description": "", "requires_authentication": False, "_type": self.kind, **self.defaults}
        self._take(row, body)
        ctx.event(205, "normal", f"Provider {row['name']} was added. (User: {ctx.identity.principal})")
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        self._check(ctx, body, row)
        self._take(row, body)
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

    def _check(self, ctx, body, row):
        name = body.get("name")
        verb = "add" if row is None else "edit"
        for table in ("external_host_provider", "open_stack_network_provider", "open_stack_image_provider"):
            other = ctx.table(table).named(name) if name else None
            if other is not None and other is not row:
                raise errors.refused(409, f"Cannot {verb} provider. The provider name is already in use, please choose a unique name and try again.")
        if "url" in body:
            parts = urlsplit(body["url"])
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise errors.refused(500, "General command validation failure.")


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
    defaults = {"auto_sync": False, "read_only": True, "type": "external", "unmanaged": False}

    def _take(self, row, body):
        super()._take(row, body)
        if row["type"] == "external":
            row.pop("plugin_type", None)
        row["_type"] = "EXTERNAL_NETWORK" if row["type"] == "external" else "OPENSTACK_NETWORK"


class OpenstackImageProviders(Providers):
    type = "open_stack_image_provider"
    paths = ("openstackimageproviders",)
    links = ("images", "certificates")
    kind = "OPENSTACK_IMAGE"


class OpenstackVolumeProviders(Collection):
    """As observed: everything here fails with the application server's page."""

    type = "open_stack_volume_provider"
    paths = ("openstackvolumeproviders",)

    def rows(self, ctx, parents):
        raise errors.html(500, "ERROR", "")

    def find(self, ctx, ident, parents):
        raise errors.html(500, "ERROR", "")

    @property
    def add(self):
        """Fails before the body is looked at."""
        raise errors.html(500, "ERROR", "")

    update = remove = add

    @action("testconnectivity")
    def test_connectivity(self, ctx, row, body):
        """Never reached."""

    @action("importcertificates")
    def import_certificates(self, ctx, row, body):
        """Never reached."""


class ProviderParts(Collection):
    """Lists that are empty while nobody answers."""

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
    paths = ("openstacknetworkproviders/{provider}/networks",)

    def rows(self, ctx, parents):
        if ctx.row("open_stack_network_provider", parents["provider"].lower()) is None:
            raise errors.not_found()
        raise errors.fault(400, REFUSED)

    def find(self, ctx, ident, parents):
        return self.rows(ctx, parents)

    @action("import")
    def import_(self, ctx, row, body):
        """Never reached: nobody answers."""


class OpenstackSubnets(OpenstackNetworks):
    type = "open_stack_subnet"
    paths = ("openstacknetworkproviders/{provider}/networks/{open_stack_network}/subnets",)

    def add(self, ctx, body, parents):
        return self.rows(ctx, parents)

    def remove(self, ctx, row):
        """Never reached."""


class OpenstackImages(OpenstackNetworks):
    type = "open_stack_image"
    paths = ("openstackimageproviders/{provider}/images",)

    def rows(self, ctx, parents):
        if ctx.row("open_stack_image_provider", parents["provider"].lower()) is None:
            raise errors.not_found()
        raise errors.fault(400, REFUSED)
