"""What a host says when it refuses a step: the engine puts it into an event of the host (10802), under a correlation id of its own."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
REFUSED = 10802
# By command and step: how the engine calls what it asks the host for.  What is not asked of a host's agent is not here.
ASKED = {
    ("ActivateDeactivateVmNic", None): "HotPlugNicVDS",
    ("AddDisk", "Creating Volume"): "CreateVolumeVDS",
    ("AddVmTemplate", None): "CopyVolumeDataVDS",
    ("ConnectStorageServer", None): "ConnectStorageServerVDS",
    ("CopyDisk", "Copying Volume"): "CopyVolumeDataVDS",
    ("CreateSnapshotForVm", "Live snapshot"): "SnapshotVDS",
    ("CreateStorageDomain", None): "CreateStorageDomainVDS",
    ("DeactivateStorageDomain", "Deactivating Storage Domain"): "DeactivateStorageDomainVDS",
    ("HibernateVm", None): "HibernateBrokerVDS",
    ("HotPlugDiskToVm", None): "HotPlugDiskVDS",
    ("LiveMigrateDisk", "Cloning image's structure"): "CloneImageGroupStructureVDS",
    ("LiveMigrateDisk", "Copying Volume"): "CopyVolumeDataVDS",
    ("LiveMigrateDisk", "Synchronizing image data"): "VmReplicateDiskFinishVDS",
    ("MigrateVm", None): "MigrateBrokerVDS",
    ("MoveDisk", "Copying Volume"): "CopyVolumeDataVDS",
    ("RemoveSnapshot", "Merging snapshots"): "MergeVDS",
    ("RunVm", None): "CreateBrokerVDS",
    ("SealVmTemplate", None): "SealDisksVDS",
}


def tell(ctx: Any, command: str, step: str | None, subject: dict[str, Any], words: str) -> None:
    """Write the event, of the host that was asked: the one named, the machine's, or the storage pool manager."""
    asked = ASKED.get((command, step))
    host = _asked_host(ctx, subject)
    if asked is not None and host is not None:
        alone = ctx.engine.context()
        alone.event(REFUSED, "error", f"VDSM {host['name']} command {asked} failed: {words}", host=host, cluster=ctx.row("cluster", host["cluster"]["id"]))


def _asked_host(ctx: Any, subject: dict[str, Any]) -> Row | None:
    named = subject.get("host")
    if isinstance(named, dict):
        return named
    vm = subject.get("vm")
    hosts = [host for host in ctx.table("host") if host["status"] == "up"]
    manager = next((host for host in hosts if host["spm"].get("status") == "spm"), next(iter(hosts), None))
    return ctx.row("host", ((vm or {}).get("host") or {}).get("id")) or manager
