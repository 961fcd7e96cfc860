"""The document at the root of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..commands import Context

NOBODY = "00000000-0000-0000-0000-000000000000"
# As recorded: product_info has no name and no vendor on an engine that was not branded.
VERSION = {"major": 4, "minor": 5, "build": 8, "revision": 0, "full_version": "4.5.8-1.el9"}
# In the order of the real one; a mark says that the collection is searched through a link of its own.
COLLECTIONS = (
    "clusters*", "datacenters*", "events*", "hosts*", "networks*", "roles", "storagedomains*", "tags", "bookmarks", "icons", "templates*", "instancetypes*",
    "users*", "groups*", "domains", "vmpools*", "vms*", "disks*", "jobs", "storageconnections", "vnicprofiles", "diskprofiles", "cpuprofiles",
    "schedulingpolicyunits", "schedulingpolicies", "permissions", "macpools", "networkfilters", "operatingsystems", "externalhostproviders",
    "openstackimageproviders", "openstackvolumeproviders", "openstacknetworkproviders", "katelloerrata", "affinitylabels", "clusterlevels",
    "imagetransfers", "externalvmimports", "externaltemplateimports")


def links(prefix: str) -> list[dict[str, str]]:
    found = []
    for name in COLLECTIONS:
        plain = name.rstrip("*")
        found.append({"rel": plain, "href": f"{prefix}/{plain}"})
        if plain != name:
            start = ";from={event_id}" if plain == "events" else ""
            found.append({"rel": f"{plain}/search", "href": f"{prefix}/{plain}{start}?search={{query}}"})
    return found


def link_header(origin: str, prefix: str) -> str:
    """All links in one header, as a HEAD of the root shows them."""
    return ",".join(f"<{origin}{link['href']}>; rel={link['rel']}" for link in links(prefix))


def document(ctx: Context) -> dict[str, Any]:
    """The representation (type ``api``)."""
    def reference(kind: str, ident: str) -> dict[str, str]:
        return {"id": ident, "href": f"{ctx.prefix}/{kind}/{ident}"}

    user = reference("users", ctx.identity.user_id)
    rep: dict[str, Any] = {
        "product_info": {"version": dict(VERSION)},
        "special_objects": {"blank_template": reference("templates", NOBODY), "root_tag": reference("tags", NOBODY)},
        "time": ctx.now, "authenticated_user": user, "effective_user": user, "link": links(ctx.prefix),
    }
    if not ctx.filtered:
        rep["product_info"]["instance_id"] = ctx.engine.instance_id
        rep["engine_backup"] = {}
        vms, hosts = ctx.table("vm"), ctx.table("host")
        domains = ctx.table("storage_domain")
        users = len(ctx.table("user"))
        rep["summary"] = {
            "vms": {"total": len(vms), "active": len(vms) - len(vms.by("status", "down"))},
            "hosts": {"total": len(hosts), "active": len(hosts.by("status", "up"))},
            "users": {"total": users, "active": 1},
            "storage_domains": {"total": len(domains), "active": len(domains.by("_status", "active"))},
        }
    return rep
