# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official Python SDK against the embedded engine: a client that shares nothing with ours, and speaks XML."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import engine_process

sdk = pytest.importorskip("ovirtsdk4", reason="the SDK is compiled: run it with make test-foreign")
types = pytest.importorskip("ovirtsdk4.types")


@pytest.fixture(scope="module")
def system() -> Iterator[Any]:
    with engine_process.running("--speed", "20") as engine:
        connection = sdk.Connection(url=engine.url, username=engine.username, password=engine.password, ca_file=engine.ca_file)
        yield connection.system_service()
        connection.close()


def until(read: Callable[[], Any], wanted: Any) -> None:
    for _look in range(200):
        if read() == wanted:
            return
        time.sleep(0.1)
    pytest.fail(f"{wanted} was never reached, it stayed {read()}")


@pytest.fixture(scope="module")
def estate(system: Any) -> dict[str, Any]:
    data_center = system.data_centers_service().add(types.DataCenter(name="sdk", local=False))
    cpu = types.Cpu(type="Intel Haswell Family", architecture=types.Architecture.X86_64)
    system.clusters_service().add(types.Cluster(name="sdk", data_center=types.DataCenter(id=data_center.id), cpu=cpu))
    host = system.hosts_service().add(types.Host(name="h1", address="192.0.2.3", root_password="x", cluster=types.Cluster(name="sdk")))
    until(lambda: system.hosts_service().host_service(host.id).get().status, types.HostStatus.UP)
    storage = types.HostStorage(type=types.StorageType.NFS, address="nas.example.com", path="/sdk")
    domain = system.storage_domains_service().add(
        types.StorageDomain(name="sd", type=types.StorageDomainType.DATA, host=types.Host(name="h1"), storage=storage))
    attached = system.data_centers_service().data_center_service(data_center.id).storage_domains_service()
    attached.add(types.StorageDomain(id=domain.id))
    until(lambda: attached.storage_domain_service(domain.id).get().status, types.StorageDomainStatus.ACTIVE)
    return {"data_center": data_center, "domain": domain}


def test_a_machine_lives(system: Any, estate: dict[str, Any]) -> None:
    vms = system.vms_service()
    vm = vms.add(types.Vm(name="v1", cluster=types.Cluster(name="sdk"), template=types.Template(name="Blank"), memory=2**30))
    service = vms.vm_service(vm.id)
    disk = types.Disk(name="d", provisioned_size=2**30, format=types.DiskFormat.COW, storage_domains=[types.StorageDomain(name="sd")])
    attachment = service.disk_attachments_service().add(
        types.DiskAttachment(disk=disk, interface=types.DiskInterface.VIRTIO, bootable=True, active=True))
    until(lambda: system.disks_service().disk_service(attachment.disk.id).get().status, types.DiskStatus.OK)
    profile = next(one for one in system.vnic_profiles_service().list(follow="network")
                   if one.name == "ovirtmgmt" and one.network.data_center.id == estate["data_center"].id)
    service.nics_service().add(types.Nic(name="nic1", vnic_profile=types.VnicProfile(id=profile.id)))
    service.start()
    until(lambda: service.get().status, types.VmStatus.UP)

    seen = service.get(follow="nics,disk_attachments.disk")
    assert (seen.name, seen.memory, [nic.name for nic in seen.nics]) == ("v1", 2**30, ["nic1"])
    assert [one.disk.name for one in seen.disk_attachments] == ["d"]
    assert [one.name for one in vms.list(search="name=v1 and status=up")] == ["v1"]

    snapshots = service.snapshots_service()
    snapshot = snapshots.add(types.Snapshot(description="s", persist_memorystate=False))
    until(lambda: snapshots.snapshot_service(snapshot.id).get().snapshot_status, types.SnapshotStatus.OK)

    with pytest.raises(sdk.Error, match="VM is running") as refusal:
        service.remove()
    assert refusal.value.code == 409

    service.stop()
    until(lambda: service.get().status, types.VmStatus.DOWN)
    assert "powered off" in " ".join(event.description for event in system.events_service().list(max=5))
    service.remove()
    until(lambda: vms.list(search="name=v1"), [])


def test_what_is_not_there_is_not_found(system: Any) -> None:
    with pytest.raises(sdk.NotFoundError):
        system.vms_service().vm_service("00000000-0000-0000-0000-0000000000aa").get()


def test_catalogues_are_read(system: Any) -> None:
    assert {level.id for level in system.cluster_levels_service().list()} >= {"4.2", "4.7", "4.8"}
    assert "SuperUser" in {role.name for role in system.roles_service().list()}
    assert "rhel_9x64" in {one.name for one in system.operating_systems_service().list()}
