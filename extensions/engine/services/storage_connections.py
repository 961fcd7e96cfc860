"""Storage connections: /storageconnections, and those of a domain below /storagedomains/D/storageconnections."""

from __future__ import annotations

from .. import errors
from .base import Collection
from .hosts import shown

MEMBERS = ("type", "address", "path", "vfs_type", "mount_options", "nfs_version", "nfs_retrans", "nfs_timeo", "port", "target", "username", "portal",
           "gluster_volume")
NEEDED = {"nfs": ("address", "path"), "posixfs": ("address", "path", "vfs_type"), "glusterfs": ("path", "vfs_type"), "localfs": ("path",),
          "iscsi": ("address", "target", "port"), "fcp": ()}
API_NAMES = {"vfs_type": "vfsType"}
EDITABLE_TYPES = ("nfs", "posixfs", "localfs", "iscsi")


class StorageConnections(Collection):
    type = "storage_connection"
    paths = ("storageconnections",)

    def add(self, ctx, body, parents):
        kind = body.get("type")
        if kind is None:
            raise errors.incomplete("StorageConnection", ["type"], "add")
        optional = ("address",) if kind == "posixfs" else ()
        absent = [API_NAMES.get(name, name) for name in NEEDED[kind] if not body.get(name) and name not in optional]
        if absent:
            raise errors.incomplete("StorageConnection", absent, "add")
        host = self.resolve(ctx, body.get("host"), "host", "Host")
        if kind == "glusterfs" and host is None:
            raise errors.failed(500, "[General command validation failure.]")
        row = {"id": ctx.new_id(), **{name: body[name] for name in MEMBERS if name in body}}
        check(row)
        self._check_unique(ctx, row, "add")
        row["_share"] = share_of(row)
        if "password" in body:
            row["_password"] = body["password"]
        self.of(ctx).save(row)
        if host is not None:
            ctx.job(f"Connecting Host {host['name']} to Storage server").finish()
        return row

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in MEMBERS if name in body}}
        check(wanted)
        if wanted["type"] not in EDITABLE_TYPES or wanted["type"] != row["type"]:
            raise errors.refused(
                400, "Cannot edit Storage Connection. Storage connection parameters can be edited only for NFS, Posix, local or iSCSI data domains."
            )
        self._check_unique(ctx, wanted, "edit")
        busy = [domain["name"] for domain in domains_of(ctx, row) if domain["_status"] not in ("maintenance", "unattached")]
        if busy:
            raise errors.refused(409, f"Cannot edit Storage Connection. The data domains {', '.join(busy)} should be in maintenance or unattached.")
        row.update(wanted)
        row["_share"] = share_of(row)
        if "password" in body:
            row["_password"] = body["password"]
        self.of(ctx).save(row)
        for domain in domains_of(ctx, row):
            _move_share(ctx, domain, row)
        return row

    def remove(self, ctx, row):
        used = [domain["name"] for domain in domains_of(ctx, row)]
        if used:
            raise errors.refused(409, "Cannot remove Storage Connection. Storage connection parameters are used by the following storage domains : "
                                      f"{', '.join(used)}.")
        self.of(ctx).remove(row["id"])
        host = ctx.parameter("host")
        named = (ctx.row("host", host.lower()) or ctx.table("host").named(host) or {}) if host else {}
        ctx.job(f"Disconnecting from Storage server on {named.get('name', '<UNKNOWN>')} and removing its connection from db").finish()

    def _check_unique(self, ctx, row, verb):
        for other in self.of(ctx).by("_share", share_of(row)):
            if other["id"] != row["id"]:
                names = ", ".join(domain["name"] for domain in domains_of(ctx, other))
                raise errors.refused(409, f"Cannot {verb} Storage Connection. Storage connection {other['id']} already exists for {names}.")


class DomainConnections(StorageConnections):
    """The connections of one domain; theirs is the address at the top."""

    paths = ("storagedomains/{storage_domain}/storageconnections",)

    def path_of(self, row):
        return f"/storageconnections/{row['id']}"

    def rows(self, ctx, parents):
        domain = ctx.row("storage_domain", parents["storage_domain"].lower())
        if domain is None:
            raise errors.not_found()
        row = ctx.row("storage_connection", domain["_connection"])
        return [] if row is None else [row]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return {**row, "_domain": parents["storage_domain"]}

    def add(self, ctx, body, parents):
        domain = self._domain(ctx, parents["storage_domain"], "attach")
        if not body.get("id"):
            raise errors.incomplete("StorageConnection", ["id"], "add")
        row = ctx.row("storage_connection", body["id"].lower())
        if row is None:
            raise errors.refused(400, "Cannot attach Storage Connection. Storage connection doesn't exist.")
        if domain["_connection"] == row["id"]:
            raise errors.refused(409, "Cannot attach Storage Connection. Storage connection is already attached to the specified domain.")
        if row["type"] != domain["storage"]["type"]:
            raise errors.refused(409, "Cannot attach Storage Connection. Storage connection and domain type don't match.")
        domain["_connection"] = row["id"]
        _move_share(ctx, domain, row)
        ctx.job("AttachStorageConnectionToStorageDomain").finish()
        return row

    def remove(self, ctx, row):
        domain = self._domain(ctx, row["_domain"], "detach")
        domain["_connection"] = None
        ctx.table("storage_domain").save(domain)
        ctx.job("DetachStorageConnectionFromStorageDomain").finish()

    @staticmethod
    def _domain(ctx, ident, verb):
        domain = ctx.row("storage_domain", ident)
        if domain is None:
            raise errors.not_found()
        if domain["_status"] not in ("maintenance", "unattached"):
            raise errors.refused(409, f"Cannot {verb} Storage Connection. The relevant Storage Domain's status is {shown(domain['_status'])}.")
        return domain


def check(row) -> None:
    """The checks of values that the engine's bean validation makes."""
    if row["type"] in ("nfs", "posixfs", "localfs", "glusterfs") and not row.get("path"):
        raise errors.refused(400, "path field cannot be empty.")
    if row["type"] == "iscsi" and not row.get("target"):
        raise errors.refused(400, "Target details cannot be empty.")
    if row["type"] == "posixfs" and not row.get("vfs_type"):
        raise errors.refused(400, "VFS type cannot be empty.")
    if row["type"] in ("nfs", "localfs") and not row["path"].startswith("/"):
        raise errors.refused(400, "Mount path is illegal, please use [IP:/path or FQDN:/path] convention.")
    if not 0 <= row.get("nfs_retrans", 0) <= 32767:
        raise errors.refused(400, "NFS Retransmissions should be between 0 and 32767")
    if not 1 <= row.get("nfs_timeo", 1) <= 6000:
        raise errors.refused(400, "NFS Timeout should be between 1 and 6000")


def share_of(row) -> str:
    """What a connection leads to; two with the same are the same connection."""
    place = f"{row.get('port', '')}:{row.get('target', '')}" if row["type"] == "iscsi" else row.get("path", "")
    return f"{row['type']}:{row.get('address', '')}:{place}"


def domains_of(ctx, row):
    return ctx.table("storage_domain").by("_connection", row["id"])


def _move_share(ctx, domain, row) -> None:
    """The domain is reached by another path from now on; what lies on it moves with it."""
    shares = ctx.table("_domain_on_share")
    known = shares.remove(domain["_share"])
    if known is not None:
        shares.save({**known, "id": row["_share"]})
    domain["_share"] = row["_share"]
    domain["storage"] = {name: value for name, value in row.items() if name in MEMBERS}
    ctx.table("storage_domain").save(domain)
