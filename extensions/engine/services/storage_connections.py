"""Storage connections: /storageconnections, and those of a domain below /storagedomains/D/storageconnections."""

from __future__ import annotations

import re

from .. import errors
from ..rules.refusals import Command
from .base import Collection

MEMBERS = ("type", "address", "path", "vfs_type", "mount_options", "nfs_version", "nfs_retrans", "nfs_timeo", "port", "target", "username", "portal",
           "gluster_volume")
NEEDED = {"nfs": ("address", "path"), "posixfs": ("address", "path", "vfs_type"), "glusterfs": ("path", "vfs_type"), "localfs": ("path",),
          "iscsi": ("address", "target", "port"), "fcp": ()}
API_NAMES = {"vfs_type": "vfsType"}
EDITABLE_TYPES = ("nfs", "posixfs", "localfs", "iscsi", "glusterfs")
ADD, EDIT = Command("add", "Storage Connection"), Command("edit", "Storage Connection")
ATTACH, DETACH = Command("attach", "Storage Connection"), Command("detach", "Storage Connection")
NOT_EXPORTED = "/noexport"          # below it no server here exports anything
HOST_NAME = r"(?=.{1,254}:)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*"
NFS_MOUNT = re.compile(rf"(?:\[[0-9A-Fa-f:.]+\]|{HOST_NAME}):/[!-~]*")
MANAGED_OPTIONS = {"nfs": ("timeo", "retrans", "vfs_type", "protocol_version", "nfsvers", "vers", "minorversion", "addr", "clientaddr"),
                   "posixfs": ("vfs_type", "addr", "clientaddr")}


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
        host = self.resolve(ctx, body.get("host"), "host", "Hosts")
        wanted = {name: body[name] for name in MEMBERS if name in body}
        wanted["_share"] = share_of(wanted)
        check_new(ctx, wanted, host, given=bool(body.get("host")))
        row = {"id": ctx.new_id(), **wanted}
        if "password" in body:
            row["_password"] = body["password"]
        self.of(ctx).save(row)
        if host is not None:
            ctx.job(f"Connecting Host {host['name']} to Storage server").finish()
        return row

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in MEMBERS if name in body}}
        if wanted["type"] not in EDITABLE_TYPES:
            raise EDIT.refuses(400, "Storage connection parameters can be edited only for NFS, Posix, local or iSCSI data domains.")
        check(wanted, EDIT)
        if wanted["type"] != row["type"]:
            raise EDIT.refuses(400, "Storage type cannot be edited.")
        check_unique(ctx, wanted, EDIT)
        busy = [domain["name"] for domain in domains_of(ctx, row) if domain["_status"] not in ("maintenance", "unattached")]
        if busy:
            raise EDIT.refuses(400, f"The data domains {', '.join(busy)} should be in maintenance or unattached.")
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
        if not body.get("id"):
            raise errors.incomplete("StorageConnection", ["id"], "add")
        domain, row = self._pair(ctx, parents["storage_domain"].lower(), body["id"].lower(), ATTACH)
        if domain["_connection"] == row["id"]:
            raise ATTACH.refuses(409, "Storage connection is already attached to the specified domain.")
        domain["_connection"] = row["id"]
        _move_share(ctx, domain, row)
        ctx.job("AttachStorageConnectionToStorageDomain").finish()
        return row

    def remove(self, ctx, row):
        domain, _row = self._pair(ctx, row["_domain"], row["id"], DETACH)
        domain["_connection"] = None
        ctx.table("storage_domain").save(domain)
        ctx.job("DetachStorageConnectionFromStorageDomain").finish()

    @staticmethod
    def _pair(ctx, domain, connection, command):
        """The domain and a connection for it; both have to be of iSCSI."""
        row, found = ctx.row("storage_connection", connection), ctx.row("storage_domain", domain)
        if row is None:
            raise command.refuses(400, "Storage connection doesn't exist.")
        if found is None:
            raise command.refuses(400, "Storage Domain doesn't exist.")
        if found["_status"] not in ("maintenance", "unattached"):
            raise command.refuses(400, f"The data domains {found['name']} should be in maintenance or unattached.")
        if row["type"] != found["storage"]["type"]:
            raise command.refuses(400, "Storage connection and domain type don't match.")
        if row["type"] != "iscsi":
            raise command.refuses(400, "Action is supported only for iSCSI storage domains.")
        return found, row


def described(storage):
    """A storage connection as a storage domain describes it."""
    kind = storage["type"]
    if not storage.get("path"):
        raise errors.incomplete("HostStorage", ["path"], "add")
    for name, kinds in (("address", ("nfs",)), ("vfs_type", ("posixfs", "glusterfs"))):
        if kind in kinds and not storage.get(name):
            raise errors.incomplete("HostStorage", [API_NAMES.get(name, name)], "add")
    wanted = {name: storage[name] for name in MEMBERS if name in storage}
    return {**wanted, "_share": share_of(wanted)}


def check_new(ctx, row, host, *, given) -> None:
    """Refuse a new connection as the engine does; a host, when one is given, tries to reach it."""
    check(row, ADD)
    if given and host is None or row["type"] == "glusterfs" and host is None:
        raise errors.refused(500, "General command validation failure.")
    check_unique(ctx, row, ADD)
    if host is None:
        return
    if host["status"] != "up":
        raise errors.refused(409, "Cannot add storage server connection when Host status is not up")
    refused = ctx.host_step("ConnectStorageServer", None, name=row.get("path", ""), host=host)
    if refused is None and row["type"] == "nfs" and row["path"].startswith(NOT_EXPORTED):
        refused = "Problem while trying to mount target"
    if refused is not None:
        raise errors.refused(400, refused)


def check_unique(ctx, row, command) -> None:
    for other in ctx.table("storage_connection").by("_share", share_of(row)):
        if other["id"] != row.get("id"):
            names = next((domain["name"] for domain in domains_of(ctx, other)), "")
            raise command.refuses(409, f"Storage connection {other['id']} already exists for {names}.")


def check(row, command) -> None:
    """What the engine says of the values themselves, bean validation first."""
    if not 0 <= row.get("nfs_retrans", 0) <= 32767:
        raise errors.refused(400, "NFS Retransmissions should be between 0 and 32767")
    if not 1 <= row.get("nfs_timeo", 1) <= 6000:
        raise errors.refused(400, "NFS Timeout should be between 1 and 6000")
    kind, address = row["type"], row.get("address") or ""
    if kind == "nfs" and not NFS_MOUNT.fullmatch(f"{address}:{row.get('path') or ''}"):
        raise errors.refused(400, "Mount path is illegal, please use [IP:/path or FQDN:/path] convention.")
    if kind == "posixfs" and not row.get("vfs_type"):
        raise errors.refused(400, "VFS type cannot be empty.")
    managed = MANAGED_OPTIONS.get(kind, ())
    names = [option.partition("=")[0].strip().lower() for option in (row.get("mount_options") or "").split(",")]
    wrong = [name for name in names if name in managed]
    if wrong:
        raise command.refuses(400, f"Custom mount options contain the following duplicate managed options: {', '.join(wrong)}.")
    if kind == "iscsi":
        if not row.get("target"):
            raise errors.refused(400, "Target details cannot be empty.")
        if not str(row.get("port", "")).isdigit() or int(row["port"]) < 1:
            raise errors.refused(400, "Invalid value for port, should be an integer greater than 0.")
    if not (address if kind == "iscsi" else row.get("path") if kind != "fcp" else None):
        raise errors.refused(400, f"{'address' if kind == 'iscsi' else 'connection' if kind == 'fcp' else 'path'} field cannot be empty.")


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
