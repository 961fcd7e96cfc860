# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDK on every service that a plain object can be made through: list, add, get, update, remove; then actions, `follow`, searches and events."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

import pytest

import engine_process

sdk = pytest.importorskip("ovirtsdk4", reason="the SDK is compiled: run it with make test-foreign")
types = pytest.importorskip("ovirtsdk4.types")
MIB = 2**20


@pytest.fixture(scope="module")
def system() -> Iterator[Any]:
    with engine_process.running("--estate", "demo", "--speed", "40") as engine:
        connection = sdk.Connection(url=engine.url, username=engine.username, password=engine.password, ca_file=engine.ca_file)
        assert connection.test(raise_exception=True)
        yield connection.system_service()
        connection.close()


def until(read: Callable[[], Any], wanted: Any) -> None:
    for _look in range(300):
        if read() == wanted:
            return
        time.sleep(0.1)
    pytest.fail(f"{wanted} was never reached, it stayed {read()}")


class Estate:
    """The demo estate through the SDK: what cases refer to."""

    def __init__(self, system: Any) -> None:
        self.system = system

    def one(self, collection: str, name: str) -> Any:
        return next(item for item in getattr(self.system, f"{collection}_service")().list() if item.name == name)

    def by_id(self, collection: str, kind: str, name: str) -> Any:
        return getattr(types, kind)(id=self.one(collection, name).id)

    @property
    def data_center(self) -> Any:
        return self.by_id("data_centers", "DataCenter", "demo")

    @property
    def cluster(self) -> Any:
        return self.by_id("clusters", "Cluster", "demo")

    @property
    def network(self) -> Any:
        return self.by_id("networks", "Network", "web")

    def inside(self, collection: str, name: str, sub: str) -> Any:
        """The service of a sub-collection."""
        service = getattr(self.system, f"{collection}_service")().service(self.one(collection, name).id)
        return getattr(service, f"{sub}_service")()


@pytest.fixture(scope="module")
def estate(system: Any) -> Estate:
    made = Estate(system)
    template = system.templates_service().add(types.Template(name="base", vm=made.by_id("vms", "Vm", "spare1")))
    until(lambda: system.templates_service().service(template.id).get().status, types.TemplateStatus.OK)
    return made


@dataclass
class Case:
    """One service: what is added through it, what changes, and whether the object can be searched for.

    mine     which items of the list count (taking a snapshot gives the active one another id)
    unknown  what an id that is not there is answered with
    """

    service: Callable[[Estate], Any]
    make: Callable[[Estate], Any]
    change: Optional[Callable[[], Any]] = None
    shows: dict[str, Any] = field(default_factory=dict)
    searched: bool = False
    key: str = "name"
    settled: Optional[tuple[str, Any]] = None
    mine: Callable[[Any], bool] = lambda item: True
    unknown: int = 404


CASES = {
    "affinity groups": Case(lambda e: e.inside("clusters", "demo", "affinity_groups"),
                            lambda e: types.AffinityGroup(name="s", positive=True, enforcing=False),
                            lambda: types.AffinityGroup(description="changed"), {"description": "changed"}, unknown=400),
    "affinity labels": Case(lambda e: e.system.affinity_labels_service(), lambda e: types.AffinityLabel(name="s"),
                            lambda: types.AffinityLabel(name="t"), {"name": "t"}),
    "bookmarks": Case(lambda e: e.system.bookmarks_service(), lambda e: types.Bookmark(name="s", value="vm:"),
                      lambda: types.Bookmark(value="host:"), {"value": "host:"}),
    "clusters": Case(lambda e: e.system.clusters_service(),
                     lambda e: types.Cluster(name="s", data_center=e.data_center, cpu=types.Cpu(type="Intel Haswell Family")),
                     lambda: types.Cluster(description="changed"), {"description": "changed"}, searched=True),
    "CPU profiles": Case(lambda e: e.system.cpu_profiles_service(), lambda e: types.CpuProfile(name="s", cluster=e.cluster),
                         lambda: types.CpuProfile(description="changed"), {"description": "changed"}),
    "data centers": Case(lambda e: e.system.data_centers_service(), lambda e: types.DataCenter(name="s", local=False),
                         lambda: types.DataCenter(quota_mode=types.QuotaModeType.AUDIT), {"quota_mode": "audit"}, searched=True),
    "disks": Case(lambda e: e.system.disks_service(),
                  lambda e: types.Disk(name="s", provisioned_size=64 * MIB, format=types.DiskFormat.COW,
                                       storage_domains=[types.StorageDomain(name="demo-fast")]),
                  lambda: types.Disk(description="changed"), {"description": "changed"}, searched=True, settled=("status", "ok")),
    "disk profiles": Case(lambda e: e.system.disk_profiles_service(),
                          lambda e: types.DiskProfile(name="s", storage_domain=e.by_id("storage_domains", "StorageDomain", "demo-fast")),
                          lambda: types.DiskProfile(description="changed"), {"description": "changed"}),
    "fence agents": Case(lambda e: e.inside("hosts", "demo-host1", "fence_agents"),
                         lambda e: types.Agent(address="192.0.2.7", type="ipmilan", username="u", password="p", order=1),
                         lambda: types.Agent(username="other", password="p"), {"username": "other"}, key="address"),
    "hosts": Case(lambda e: e.system.hosts_service(), lambda e: types.Host(name="s", address="s.example.com", root_password="x", cluster=e.cluster),
                  lambda: types.Host(comment="changed"), {"comment": "changed"}, searched=True, settled=("status", "up")),
    "instance types": Case(lambda e: e.system.instance_types_service(), lambda e: types.InstanceType(name="s", memory=512 * MIB),
                           lambda: types.InstanceType(description="changed"), {"description": "changed"}, searched=True),
    "MAC pools": Case(lambda e: e.system.mac_pools_service(),
                      lambda e: types.MacPool(name="s", ranges=[types.Range(from_="02:00:00:00:00:01", to="02:00:00:00:00:ff")]),
                      lambda: types.MacPool(description="changed"), {"description": "changed"}),
    "networks": Case(lambda e: e.system.networks_service(), lambda e: types.Network(name="s", data_center=e.data_center),
                     lambda: types.Network(mtu=9000), {"mtu": 9000}, searched=True),
    "NICs": Case(lambda e: e.inside("vms", "spare1", "nics"), lambda e: types.Nic(name="s", interface=types.NicInterface.VIRTIO),
                 lambda: types.Nic(linked=False), {"linked": False}),
    "QoS": Case(lambda e: e.inside("data_centers", "demo", "qoss"), lambda e: types.Qos(name="s", type=types.QosType.STORAGE, max_iops=100),
                lambda: types.Qos(description="changed"), {"description": "changed"}),
    "quotas": Case(lambda e: e.inside("data_centers", "demo", "quotas"), lambda e: types.Quota(name="s", cluster_hard_limit_pct=10),
                   lambda: types.Quota(description="changed"), {"description": "changed"}),
    "roles": Case(lambda e: e.system.roles_service(), lambda e: types.Role(name="s", administrative=False, permits=[types.Permit(id="1")]),
                  lambda: types.Role(description="changed"), {"description": "changed"}),
    "scheduling policies": Case(lambda e: e.system.scheduling_policies_service(), lambda e: types.SchedulingPolicy(name="s"),
                                lambda: types.SchedulingPolicy(description="changed"), {"description": "changed"}),
    "snapshots": Case(lambda e: e.inside("vms", "spare1", "snapshots"), lambda e: types.Snapshot(description="s", persist_memorystate=False),
                      key="description", settled=("snapshot_status", "ok"),
                      mine=lambda item: item.snapshot_type == types.SnapshotType.REGULAR),
    "tags": Case(lambda e: e.system.tags_service(), lambda e: types.Tag(name="s"), lambda: types.Tag(description="changed"), {"description": "changed"}),
    "templates": Case(lambda e: e.system.templates_service(), lambda e: types.Template(name="s", vm=e.by_id("vms", "Vm", "spare1")),
                      lambda: types.Template(description="changed"), {"description": "changed"}, searched=True, settled=("status", "ok")),
    "VMs": Case(lambda e: e.system.vms_service(), lambda e: types.Vm(name="s", cluster=e.cluster, template=types.Template(name="Blank"), memory=256 * MIB),
                lambda: types.Vm(description="changed"), {"description": "changed"}, searched=True, settled=("status", "down")),
    "VM pools": Case(lambda e: e.system.vm_pools_service(),
                     lambda e: types.VmPool(name="s", cluster=e.cluster, template=types.Template(name="base"), size=1),
                     lambda: types.VmPool(description="changed"), {"description": "changed"}, searched=True),
    "vNIC profiles": Case(lambda e: e.system.vnic_profiles_service(), lambda e: types.VnicProfile(name="s", network=e.network),
                          lambda: types.VnicProfile(port_mirroring=True), {"port_mirroring": True}),
    "watchdogs": Case(lambda e: e.inside("vms", "spare1", "watchdogs"),
                      lambda e: types.Watchdog(action=types.WatchdogAction.RESET, model=types.WatchdogModel.I6300ESB),
                      lambda: types.Watchdog(action=types.WatchdogAction.POWEROFF), {"action": "poweroff"}, key=""),
}


def plain(value: Any) -> Any:
    return getattr(value, "value", value)


def patiently(call: Callable[[], Any]) -> Any:
    """The engine is busy with what was made for moments."""
    for _try in range(100):
        try:
            return call()
        except sdk.Error as error:
            if error.code != 409:
                raise
            time.sleep(0.1)
    return call()


@pytest.mark.parametrize("name", CASES)
def test_a_service(name: str, estate: Estate) -> None:
    case = CASES[name]
    service = case.service(estate)
    before = {one.id for one in service.list() if case.mine(one)}
    made = service.add(case.make(estate))
    one = service.service(made.id)
    assert one.get().id == made.id
    if case.settled:
        until(lambda: plain(getattr(one.get(), case.settled[0])), case.settled[1])
    assert {item.id for item in service.list() if case.mine(item)} == {*before, made.id}
    if case.key:
        wanted = getattr(case.make(estate), case.key)
        assert getattr(one.get(), case.key) == wanted
    if case.searched:
        assert [item.id for item in service.list(search=f"name={wanted}")] == [made.id]
        assert [item.id for item in service.list(search=f"name={wanted}", max=1)] == [made.id]
    if case.change:
        patiently(lambda: one.update(case.change()))
        seen = one.get()
        assert {member: plain(getattr(seen, member)) for member in case.shows} == case.shows
    if name == "hosts":
        one.deactivate(reason="to be removed")
        until(lambda: one.get().status, types.HostStatus.MAINTENANCE)
    patiently(one.remove)
    until(lambda: {item.id for item in service.list() if case.mine(item)}, before)
    with pytest.raises(sdk.Error) as refusal:
        service.service("00000000-0000-0000-0000-0000000000aa").get()
    assert refusal.value.code == case.unknown


def test_a_permission_of_a_vm(estate: Estate) -> None:
    service = estate.inside("vms", "spare1", "permissions")
    user = next(one for one in estate.system.users_service().list() if one.user_name.startswith("admin"))
    made = service.add(types.Permission(role=types.Role(name="UserRole"), user=types.User(id=user.id)))
    assert made.id in {one.id for one in service.list()}
    service.permission_service(made.id).remove()
    assert made.id not in {one.id for one in service.list()}


def test_a_tag_is_assigned(estate: Estate) -> None:
    estate.system.tags_service().add(types.Tag(name="assigned"))
    tags = estate.inside("vms", "spare1", "tags")
    tag = tags.add(types.Tag(name="assigned"))
    assert [one.name for one in estate.system.vms_service().list(search="tag=assigned")] == ["spare1"]
    tags.tag_service(tag.id).remove()
    estate.system.tags_service().tag_service(tag.id).remove()


def test_links_are_followed(estate: Estate) -> None:
    vm = estate.system.vms_service().list(search="name=web1", follow="nics,disk_attachments.disk,cluster,snapshots,tags")[0]
    assert [nic.name for nic in vm.nics] == ["nic1"] and vm.cluster.name == "demo"
    assert [one.disk.name for one in vm.disk_attachments] == ["web1-system"]
    assert [one.snapshot_type for one in vm.snapshots] == [types.SnapshotType.ACTIVE]
    host = estate.system.hosts_service().list(search="name=demo-host1", follow="nics")[0]
    assert "eth0" in {nic.name for nic in host.nics}
    links = estate.system.vms_service().service(vm.id)
    assert estate.inside("vms", "web1", "nics").list()[0].name == links.get(follow="nics").nics[0].name


def test_searches_and_pages(estate: Estate) -> None:
    vms = estate.system.vms_service()
    assert [one.name for one in vms.list(search="sortby name asc")] == ["db1", "spare1", "web1", "web2"]
    assert [one.name for one in vms.list(search="sortby name asc page 2", max=2)] == ["web1", "web2"]
    assert [one.name for one in vms.list(search="name=WEB* and status=up sortby name desc", case_sensitive=False)] == ["web2", "web1"]
    assert vms.list(search="name=nothing") == []


def test_actions(estate: Estate) -> None:
    vm = estate.system.vms_service().service(estate.one("vms", "spare1").id)
    vm.start(pause=True)
    until(lambda: vm.get().status, types.VmStatus.PAUSED)
    vm.start()
    until(lambda: vm.get().status, types.VmStatus.UP)
    vm.migrate()
    until(lambda: vm.get().status, types.VmStatus.UP)
    # A ticket is set by the host, of which there is none here: refused, as it was where the recordings were made.
    with pytest.raises(sdk.Error, match="Internal Engine Error"):
        vm.ticket(ticket=types.Ticket(value="secret", expiry=60))
    vm.suspend()
    until(lambda: vm.get().status, types.VmStatus.SUSPENDED)
    vm.start()
    until(lambda: vm.get().status, types.VmStatus.UP)
    vm.reboot()
    until(lambda: vm.get().status, types.VmStatus.UP)
    vm.shutdown()
    until(lambda: vm.get().status, types.VmStatus.DOWN)
    disk = estate.system.disks_service().service(estate.one("disks", "spare1-system").id)
    disk.move(storage_domain=types.StorageDomain(name="demo-slow"))
    until(lambda: (disk.get().status, disk.get().storage_domains[0].id), (types.DiskStatus.OK, estate.one("storage_domains", "demo-slow").id))


def test_a_snapshot_is_previewed_and_committed(estate: Estate) -> None:
    vm = estate.system.vms_service().service(estate.one("vms", "spare1").id)
    made = vm.snapshots_service().add(types.Snapshot(description="tried", persist_memorystate=False))
    snapshot = vm.snapshots_service().snapshot_service(made.id)
    until(lambda: snapshot.get().snapshot_status, types.SnapshotStatus.OK)
    vm.preview_snapshot(snapshot=types.Snapshot(id=made.id))
    until(lambda: snapshot.get().snapshot_status, types.SnapshotStatus.IN_PREVIEW)
    patiently(vm.commit_snapshot)
    until(lambda: snapshot.get().snapshot_status, types.SnapshotStatus.OK)
    patiently(snapshot.remove)
    until(lambda: made.id in {one.id for one in vm.snapshots_service().list()}, False)


def test_jobs_and_events(estate: Estate) -> None:
    system = estate.system
    newest = system.events_service().list(max=1)[0]
    system.bookmarks_service().list()
    vm = system.vms_service().service(estate.one("vms", "spare1").id)
    vm.start(query={"correlation_id": "of-the-sdk"})
    until(lambda: vm.get().status, types.VmStatus.UP)
    since = system.events_service().list(from_=int(newest.id))
    assert any("was started" in one.description for one in since) and all(int(one.id) > int(newest.id) for one in since)
    own = system.events_service().list(search="correlation_id=of-the-sdk")
    assert own and {one.correlation_id for one in own} == {"of-the-sdk"}
    jobs = system.jobs_service().list(search="correlation_id=of-the-sdk")
    until(lambda: system.jobs_service().job_service(jobs[0].id).get().status, types.JobStatus.FINISHED)
    steps = system.jobs_service().job_service(jobs[0].id).steps_service().list()
    assert {one.type for one in steps} >= {types.StepEnum.EXECUTING}
    event = system.events_service().add(types.Event(description="told", origin="sdk", custom_id=17, severity=types.LogSeverity.WARNING))
    assert system.events_service().event_service(event.id).get().origin == "sdk"
    system.events_service().event_service(event.id).remove()
    job = system.jobs_service().add(types.Job(description="by hand"))
    service = system.jobs_service().job_service(job.id)
    service.steps_service().add(types.Step(description="one", type=types.StepEnum.EXECUTING))
    service.end(succeeded=True)
    until(lambda: service.get().status, types.JobStatus.FINISHED)
    vm.stop()
    until(lambda: vm.get().status, types.VmStatus.DOWN)


def test_storage_and_statistics(estate: Estate) -> None:
    system = estate.system
    attached = estate.inside("data_centers", "demo", "storage_domains")
    domain = attached.storage_domain_service(estate.one("storage_domains", "demo-slow").id)
    disks = [one for one in estate.inside("storage_domains", "demo-slow", "disks").list() if one.content_type == types.DiskContentType.DATA]
    assert {one.name for one in disks} <= {"spare1-system"}
    domain.deactivate()
    until(lambda: domain.get().status, types.StorageDomainStatus.MAINTENANCE)
    domain.activate()
    until(lambda: domain.get().status, types.StorageDomainStatus.ACTIVE)
    statistics = estate.inside("hosts", "demo-host1", "statistics").list()
    assert "memory.total" in {one.name for one in statistics}
    assert {one.name for one in estate.inside("vms", "web1", "statistics").list()} >= {"cpu.current.total", "memory.used"}
    assert system.get().product_info.version.major == 4
