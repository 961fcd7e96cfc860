"""The words of the engine's search language: what can be searched, by which fields, and where a row has them.

A field is one line: its verb, its kind, its column in the engine's database (it shows in the engine's error texts and decides what free text looks at) and
its place in a row.  A place is a dotted path; ``>`` follows the reference reached so far into the table named like its last member; ``@name`` is a function
of this module.  The kinds:

==============  =========================================================  ==================
kind            value                                                      relations
==============  =========================================================  ==================
text            a pattern with ``*``, without regard to case               = !=
number          an integer                                                 < > <= >= = !=
integer         an integer                                                 = !=
decimal         a decimal number                                           < > <= >= = !=
amount          an integer (checked by the database alone)                 < >
exact           a value compared as it is                                  = !=
id              a UUID (checked by the database alone)                     = !=
flag            true or false                                              = !=
time            a date, ``today``, ``yesterday`` or a day of the week      > < =
date            a date                                                     < >
span            days, hours, minutes (``1.02:30``)                         < >
listed          one of several values, compared as a whole                 = !=
tagged          a pattern for tags; a tag stands for all tags below it     = !=
quota           a name compared as it is; empty or ``null`` means none     = !=
enum NAME       one of the names of ENUMS[NAME]                            = != (severity: as number)
==============  =========================================================  ==================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Iterator

from .store import Row, Store

EQUAL = ("=", "!=")
NUMERIC = ("<", ">", "<=", ">=", "=", "!=")
RELATIONS = {"number": NUMERIC, "decimal": NUMERIC, "amount": ("<", ">"), "time": (">", "<", "="), "date": ("<", ">"), "span": ("<", ">"),
             "enum severity": NUMERIC}
TEXTS = ("text", "listed", "tagged", "quota")


def _numbered(*names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


ENUMS: dict[str, dict[str, int]] = {
    "vm_status": {"UNASSIGNED": -1, "DOWN": 0, "UP": 1, "POWERINGUP": 2, "PAUSED": 4, "MIGRATINGFROM": 5, "MIGRATINGTO": 6, "UNKNOWN": 7,
                  "NOTRESPONDING": 8, "WAITFORLAUNCH": 9, "REBOOTINPROGRESS": 10, "SAVINGSTATE": 11, "RESTORINGSTATE": 12, "SUSPENDED": 13,
                  "IMAGEILLEGAL": 14, "IMAGELOCKED": 15, "POWERINGDOWN": 16},
    "vm_type": _numbered("DESKTOP", "SERVER", "HIGHPERFORMANCE"),
    "host_status": _numbered("UNASSIGNED", "DOWN", "MAINTENANCE", "UP", "NONRESPONSIVE", "ERROR", "INSTALLING", "INSTALLFAILED", "REBOOT",
                             "PREPARINGFORMAINTENANCE", "NONOPERATIONAL", "PENDINGAPPROVAL", "INITIALIZING", "CONNECTING", "INSTALLINGOS", "KDUMPING"),
    "host_type": {"RHEL": 0, "RHEVH": 2},
    "external_status": _numbered("OK", "INFO", "WARNING", "ERROR", "FAILURE"),
    "architecture": {"UNDEFINED": 0, "X86": 4, "PPC": 3, "S390X": 7, "X86_64": 1, "PPC64": 2, "PPC64LE": 5, "PPCLE": 6},
    "bios_type": {"I440FX_SEA_BIOS": 1, "Q35_SEA_BIOS": 2, "Q35_OVMF": 3, "Q35_SECURE_BOOT": 4},
    "template_status": _numbered("OK", "LOCKED", "ILLEGAL"),
    "disk_status": {"UNASSIGNED": 0, "OK": 1, "LOCKED": 2, "ILLEGAL": 4},
    "disk_storage_type": _numbered("IMAGE", "LUN", "CINDER", "MANAGED_BLOCK_STORAGE", "KUBERNETES"),
    "disk_content_type": _numbered("DATA", "OVF_STORE", "MEMORY_DUMP_VOLUME", "MEMORY_METADATA_VOLUME", "ISO", "HOSTED_ENGINE", "HOSTED_ENGINE_SANLOCK",
                                   "HOSTED_ENGINE_METADATA", "HOSTED_ENGINE_CONFIGURATION", "BACKUP_SCRATCH"),
    "allocation": _numbered("UNASSIGNED", "PREALLOCATED", "SPARSE"),
    "pool_type": _numbered("AUTOMATIC", "MANUAL"),
    "data_center_status": _numbered("UNINITIALIZED", "UP", "MAINTENANCE", "NOTOPERATIONAL", "NONRESPONSIVE", "CONTEND"),
    "storage_domain_status": _numbered("UNKNOWN", "UNINITIALIZED", "UNATTACHED", "ACTIVE", "INACTIVE", "LOCKED", "MAINTENANCE",
                                       "PREPARINGFORMAINTENANCE", "DETACHING", "ACTIVATING"),
    "shared_status": _numbered("UNATTACHED", "ACTIVE", "INACTIVE", "MIXED", "LOCKED"),
    "storage_type": {"UNKNOWN": 0, "NFS": 1, "FCP": 2, "ISCSI": 3, "LOCALFS": 4, "POSIXFS": 6, "GLUSTERFS": 7, "GLANCE": 8, "CINDER": 9,
                     "MANAGED_BLOCK_STORAGE": 10, "UNMANAGED": 11},
    "severity": {"NORMAL": 0, "WARNING": 1, "ERROR": 2, "ALERT": 10},
    "volume_type": _numbered("DISTRIBUTE", "REPLICATE", "DISTRIBUTED_REPLICATE", "STRIPE", "DISTRIBUTED_STRIPE", "STRIPED_REPLICATE",
                             "DISTRIBUTED_STRIPED_REPLICATE", "DISPERSE", "DISTRIBUTED_DISPERSE", "TIER", "UNKNOWN"),
    "volume_status": _numbered("UP", "DOWN", "UNKNOWN", "WARNING"),
    "transport": _numbered("TCP", "RDMA"),
    "enforcement": _numbered("DISABLED", "SOFT_ENFORCEMENT", "HARD_ENFORCEMENT"),
    "provider_type": _numbered("OPENSTACK_NETWORK", "FOREMAN", "OPENSTACK_IMAGE", "OPENSTACK_VOLUME", "VMWARE", "EXTERNAL_NETWORK", "KVM", "XEN", "KUBEVIRT"),
}
# What the API calls otherwise than the engine's own enums, without underscores.
ALIASES = {"vm_status": {"MIGRATING": "MIGRATINGFROM"}, "data_center_status": {"PROBLEMATIC": "NONRESPONSIVE"},
           "host_type": {"OVIRTNODE": "RHEVH", "RHEVH": "RHEVH"}, "enforcement": {"AUDIT": "SOFT_ENFORCEMENT", "ENABLED": "HARD_ENFORCEMENT"}}
_PLAIN = {name: {java.replace("_", ""): number for java, number in values.items()} for name, values in ENUMS.items()}
for _name, _others in ALIASES.items():
    _PLAIN[_name].update({alias: ENUMS[_name][java] for alias, java in _others.items()})


def enum_number(name: str, value: Any) -> int | None:
    """The engine's number of an enum value as the API writes it; None for what has none."""
    return _PLAIN[name].get(value.upper().replace("_", "")) if isinstance(value, str) else None


@dataclass(frozen=True)
class Field:
    verb: str
    kind: str
    column: str
    place: str
    hidden: bool = False            # not offered for completion, so a beginning of it does not count as a word to come
    free: bool = True               # free text looks at it

    @property
    def relations(self) -> tuple[str, ...]:
        return RELATIONS.get(self.kind, EQUAL)

    @property
    def enum(self) -> str | None:
        return self.kind[5:] if self.kind.startswith("enum ") else None

    def values(self, store: Store, row: Row) -> list[Any]:
        """All values the row has for this field; ``[None]`` when it has none."""
        place = self.place
        if not row:                 # what a join found nothing for
            return [None]
        if place[:1] == "@":
            found = COMPUTED[place[1:]](store, row)
        elif place.isidentifier():
            found = row.get(place)
        else:
            found = _at(store, row, place)
        if isinstance(found, (list, tuple)):
            return list(found) or [None]
        return [found]

    def value(self, store: Store, row: Row) -> Any:
        """The value rows are sorted by."""
        found = self.values(store, row)[0]
        if self.enum and found is not None:
            return enum_number(self.enum, found)
        return found


@dataclass(frozen=True)
class Entity:
    """Something the language can search.

    ``word`` and ``plural`` are its names in the language (``hidden_plural``: the engine does not complete it); ``view`` and ``full`` its tables in the
    engine's database without and with tags and joins, ``key`` and ``order`` its primary key and default order there.  ``suffix`` is a condition the API adds;
    ``intersected``: without a search the API lists another way, unsorted.
    """

    word: str
    view: str
    full: str
    key: str
    order: str
    distinct: bool = False
    crosses: tuple[str, ...] = ()
    suffix: str = ""
    intersected: bool = False
    tagged: bool = False            # its fields move to the full view when that is in use
    fields: dict[str, Field] = field(default_factory=dict)
    broken: tuple[str, ...] = ()    # columns the engine names although its view has none such


def _at(store: Store, row: Row | None, place: str) -> Any:
    for jump in place.split(">"):
        value: Any = row
        for name in jump.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        row = store.table(_table(jump)).get(value["id"]) if isinstance(value, dict) and value.get("id") else None
    return value


def _table(jump: str) -> str:
    name = jump.rpartition(".")[2]
    return {"owner": "user", "base_template": "template", "original_template": "template"}.get(name, name)


# -- what takes more than a path

def _owned(store: Store, table: str, member: str, row: Row) -> Iterator[Row]:
    return iter(store.table(table).by(f"{member}.id", row["id"]))


def _named(rows: Iterable[Row | None]) -> list[str]:
    return [row["name"] for row in rows if row is not None and row.get("name") is not None]


def _parent_tag(row: Row) -> str | None:
    return (row.get("parent") or {}).get("id")


def tags_below(store: Store, names: Callable[[str], bool]) -> set[str]:
    """Names of all tags that match, and of all that are below those."""
    table = store.table("tag")
    found = [row for row in table if _parent_tag(row) and names(row["name"])]
    below: set[str] = set()
    while found:
        row = found.pop()
        if row["name"] not in below:
            below.add(row["name"])
            found += table.by("parent.id", row["id"])
    return below


def tag_names(store: Store, row: Row) -> list[str]:
    """The names of the tags assigned to a row, which keeps their ids in ``_tags``."""
    return _named(store.table("tag").get(ident) for ident in row.get("_tags", ()))


def _version(value: Any) -> str | None:
    return f"{value['major']}.{value['minor']}" if isinstance(value, dict) and "major" in value else None


def _megabytes(value: Any) -> int | None:
    return value // 1048576 if isinstance(value, int) else None


def _gigabytes(value: Any) -> int | None:
    return value // 1073741824 if isinstance(value, int) else None


def _disk_vms(store: Store, row: Row) -> list[Row]:
    found = [store.table("vm").get((one.get("vm") or {}).get("id")) for one in _owned(store, "disk_attachment", "disk", row)]
    return [one for one in found if one is not None]


def _of_pool(store: Store, row: Row) -> list[Row]:
    return store.table("vm").by("vm_pool.id", row["id"])


def _storage_centers(store: Store, row: Row) -> list[Row]:
    """The data center a storage domain is attached to, which its row keeps in ``_pool``."""
    found = store.table("data_center").get(row.get("_pool"))
    return [found] if found is not None else []


def _shared_status(store: Store, row: Row) -> str:
    status = row.get("_status")
    return status if status in ("unattached", "active", "locked") else "inactive"


def _vcpus(row: Row) -> int | None:
    topology = (row.get("cpu") or {}).get("topology")
    return topology.get("sockets", 1) * topology.get("cores", 1) * topology.get("threads", 1) if topology else None


COMPUTED: dict[str, Callable[[Store, Row], Any]] = {
    "tags": tag_names,
    "uptime": lambda store, row: None,
    "memory_mb": lambda store, row: _megabytes(row.get("memory")),
    "guaranteed_mb": lambda store, row: _megabytes((row.get("memory_policy") or {}).get("guaranteed")),
    "vcpus": lambda store, row: _vcpus(row),
    "cluster_level": lambda store, row: _version(_at(store, row, "cluster>version")),
    "custom_level": lambda store, row: _version(row.get("custom_compatibility_version")),
    "level": lambda store, row: _version(row.get("version")),
    "network_level": lambda store, row: _version(_at(store, row, "network>data_center>version")),
    "children": lambda store, row: len(store.table("vm").by("template.id", row["id"])),
    "used_cpus": lambda store, row: _vcpus(row),
    "active_vms": lambda store, row: len(store.table("vm").by("host.id", row["id"])),
    "migrating_vms": lambda store, row: sum(vm.get("status") == "migrating" for vm in store.table("vm").by("host.id", row["id"])),
    "provisioned_gb": lambda store, row: _gigabytes(row.get("provisioned_size")),
    "actual_gb": lambda store, row: _gigabytes(row.get("actual_size")),
    "shareable": lambda store, row: bool(row.get("shareable")),
    "allocation": lambda store, row: None if row.get("sparse") is None else "sparse" if row["sparse"] else "preallocated",
    "vm_count": lambda store, row: len(_disk_vms(store, row)),
    "vm_names": lambda store, row: _named(_disk_vms(store, row)),
    "is_vm_network": lambda store, row: "vm" in row.get("usages", ()),
    "passthrough": lambda store, row: ((row.get("pass_through") or {}).get("mode") or "disabled") != "disabled",
    "pool_size": lambda store, row: len(_of_pool(store, row)),
    "pool_running": lambda store, row: sum(vm.get("status") not in (None, "down", "image_locked") for vm in _of_pool(store, row)),
    "storage_data_centers": lambda store, row: _named(_storage_centers(store, row)),
    "shared_status": _shared_status,
    "free_gb": lambda store, row: _gigabytes(row.get("available")),
    "used_gb": lambda store, row: _gigabytes(row.get("used")),
    "total_gb": lambda store, row: _gigabytes((row.get("available") or 0) + (row.get("used") or 0)),
    "committed_gb": lambda store, row: _gigabytes(row.get("committed")),
    "login": lambda store, row: row.get("principal") or str(row.get("user_name", "")).rpartition("@")[0],
    "user_pools": lambda store, row: (),
    "ips": lambda store, row: [one["address"] for device in row.get("reported_devices") or () for one in device.get("ips") or () if "address" in one],
    "deleted": lambda store, row: bool(row.get("_deleted")),
    "transports": lambda store, row: row.get("transport_types") or (),
    "nothing": lambda store, row: None,
}


def _fields(lines: str, hidden: tuple[str, ...] = (), not_free: tuple[str, ...] = ()) -> dict[str, Field]:
    found = {}
    for line in lines.strip().splitlines():
        verb, rest = line.split(None, 1)
        parts = rest.split()
        kind = " ".join(parts[:-2])
        verb = verb.upper().replace("~", " ")
        found[verb] = Field(verb, kind, parts[-2], parts[-1], verb in hidden, verb not in not_free)
    return found


_TEMPLATE_FIELDS = _fields("""
    name            text                    name                    name
    comment         text                    free_text_comment       comment
    os              text                    os                      os.type
    creationdate    time                    creation_date           creation_time
    childcount      number                  child_count             @children
    mem             number                  mem_size_mb             @memory_mb
    description     text                    description             description
    status          enum template_status    status                  status
    sealed          exact                   is_template_sealed      sealed
    cluster         text                    cluster_name            cluster>name
    datacenter      text                    storage_pool_name       cluster>data_center>name
    quota           quota                   quota_name              quota>name
    architecture    enum architecture       architecture            cluster>cpu.architecture
    _vmt_id         id                      vmt_guid                id
    version_name    text                    template_version_name   version.version_name
    tag             tagged                  tag_name                @tags
""", not_free=("OS",))

_NICS = _fields("""
    network_name    text                    network_name            vnic_profile>network>name
    mac             text                    mac_addr                mac.address
""")

_TEMPLATE_CROSSES = ("VMS", "HOSTS", "EVENTS", "USERS", "STORAGE", "VNIC", "VM", "HOST", "EVENT", "USER")

ENTITIES: dict[str, Entity] = {one.word: one for one in (
    Entity("VM", "vms", "vms_with_tags", "vm_guid", "vm_name ASC ", tagged=True,
           crosses=("HOSTS", "TEMPLATES", "EVENTS", "USERS", "STORAGE", "VNIC", "HOST", "TEMPLATE", "EVENT", "USER"), fields=_fields("""
        name                        text                vm_name                         name
        comment                     text                free_text_comment               comment
        status                      enum vm_status      status                          status
        ip                          text                vm_ip                           @ips
        on_host                     text                run_on_vds_name                 host>name
        fqdn                        text                vm_fqdn                         fqdn
        uptime                      span                elapsed_time                    @uptime
        os                          text                os                              os.type
        creationdate                date                creation_date                   creation_time
        address                     text                vm_host                         @ips
        cpu_usage                   number              usage_cpu_percent               @nothing
        mem_usage                   number              usage_mem_percent               @nothing
        network_usage               number              usage_network_percent           @nothing
        memory                      number              mem_size_mb                     @memory_mb
        guaranteed_memory           number              min_allocated_mem               @guaranteed_mb
        migration_progress_percent  number              migration_progress_percent      @nothing
        apps                        text                app_list                        @nothing
        cluster                     text                cluster_name                    cluster>name
        pool                        text                vm_pool_name                    vm_pool>name
        loggedinuser                text                guest_cur_user_name             @nothing
        tag                         tagged              tag_name                        @tags
        datacenter                  text                storage_pool_name               cluster>data_center>name
        type                        enum vm_type        vm_type                         type
        quota                       quota               quota_name                      quota>name
        id                          id                  vm_guid                         id
        description                 text                description                     description
        architecture                enum architecture   architecture                    cpu.architecture
        custom_emulated_machine     text                custom_emulated_machine         custom_emulated_machine
        custom_cpu_type             text                custom_cpu_name                 custom_cpu_model
        compatibility_level         text                cluster_compatibility_version   @cluster_level
        custom_compatibility_level  exact               custom_compatibility_version    @custom_level
        created_by_user_id          id                  created_by_user_id              _creator
        next_run_config_exists      flag                next_run_config_exists          next_run_configuration_exists
        has_illegal_images          flag                has_illegal_images              has_illegal_images
        bios_type                   enum bios_type      bios_type                       bios.type
        k8s_namespace               text                namespace                       @nothing
        vcpus                       number              num_of_cpus                     @vcpus
    """, not_free=("APPS", "OS"))),
    Entity("HOST", "vds", "vds_with_tags", "vds_id", "vds_name ASC ", tagged=True,
           crosses=("VMS", "TEMPLATES", "EVENTS", "USERS", "STORAGE", "NIC", "VM", "TEMPLATE", "EVENT", "USER"), fields=_fields("""
        name                text                    vds_name                name
        comment             text                    free_text_comment       comment
        status              enum host_status        status                  status
        external_status     enum external_status    external_status         external_status
        cluster             text                    cluster_name            cluster>name
        address             text                    host_name               address
        cpu_usage           number                  usage_cpu_percent       @nothing
        mem_usage           number                  usage_mem_percent       @nothing
        network_usage       number                  usage_network_percent   @nothing
        load                decimal                 cpu_load                @nothing
        version             text                    software_version        version.full_version
        cpus                number                  cpu_cores               @used_cpus
        memory              number                  physical_mem_mb         @memory_mb
        cpu_speed           decimal                 cpu_speed_mh            cpu.speed
        cpu_model           text                    cpu_model               cpu.name
        active_vms          number                  vm_active               @active_vms
        migrating_vms       integer                 vm_migrating            @migrating_vms
        committed_mem       number                  mem_commited            @nothing
        tag                 tagged                  tag_name                @tags
        type                enum host_type          vds_type                type
        datacenter          text                    storage_pool_name       cluster>data_center>name
        architecture        enum architecture       architecture            cluster>cpu.architecture
        update_available    flag                    is_update_available     update_available
        ha_score            integer                 ha_score                @nothing
        spm_id              integer                 vds_spm_id              _spm_id
        hw_id               exact                   vds_unique_id           hardware_information.uuid
        id                  id                      vds_id                  id
    """, hidden=("ID",))),
    Entity("TEMPLATE", "vm_templates_view", "vm_templates_storage_domain_with_tags", "vmt_guid", "name ASC ", distinct=True, crosses=_TEMPLATE_CROSSES,
           fields=_TEMPLATE_FIELDS),
    Entity("INSTANCETYPE", "instance_types_view", "instance_types_storage_domain", "vmt_guid", "name ASC ", distinct=True, crosses=_TEMPLATE_CROSSES,
           fields=_TEMPLATE_FIELDS, broken=("tag_name",)),
    Entity("CLUSTER", "cluster_view", "cluster_storage_domain", "cluster_id", "name ASC",
           crosses=("DATACENTER", "STORAGE", "CLUSTER_NETWORK"), fields=_fields("""
        name                text                name                    name
        description         text                description             description
        comment             text                free_text_comment       comment
        architecture        enum architecture   architecture            cpu.architecture
        compatibility_level exact               compatibility_version   @level
        cpu_type            text                cpu_name                cpu.type
    """)),
    Entity("DATACENTER", "storage_pool", "storage_pool_with_storage_domain", "id", "name ASC ", distinct=True,
           crosses=("CLUSTERS", "STORAGE", "NETWORK", "CLUSTER"), fields=_fields("""
        name                    text                    name                    name
        description             text                    description             description
        local                   flag                    is_local                local
        status                  enum data_center_status status                  status
        comment                 text                    free_text_comment       comment
        compatibility_version   text                    compatibility_version   @level
    """)),
    Entity("STORAGE", "storage_domains_for_search", "storage_domains_with_hosts_view", "id", "storage_name ASC ", distinct=True,
           crosses=("HOSTS", "CLUSTERS", "HOST", "CLUSTER"), fields=_fields("""
        name                            text                        storage_name                    name
        status                          enum storage_domain_status  status                          _status
        shared_status                   enum shared_status          storage_domain_shared_status    @shared_status
        external_status                 enum external_status        external_status                 external_status
        datacenter                      listed                      storage_pool_name::text         @storage_data_centers
        type                            enum storage_type           storage_type                    storage.type
        free_size                       number                      available_disk_size             @free_gb
        used_size                       number                      used_disk_size                  @used_gb
        total_size                      number                      total_disk_size                 @total_gb
        committed                       number                      commited_disk_size              @committed_gb
        comment                         text                        storage_comment                 comment
        description                     text                        storage_description             description
        wipe_after_delete               flag                        wipe_after_delete               wipe_after_delete
        discard_after_delete            flag                        discard_after_delete            discard_after_delete
        low_space_threshold~(%)         integer                     warning_low_space_indicator     warning_low_space_indicator
        critical_space_threshold~(gb)   integer                     critical_space_action_blocker   critical_space_action_blocker
        backup                          flag                        backup                          backup
    """)),
    Entity("DISK", "all_disks", "all_disks", "disk_id", "disk_alias ASC, disk_id ASC ", distinct=True, crosses=("DATACENTER", "STORAGE"), intersected=True,
           fields=_fields("""
        alias               text                    disk_alias          alias
        name                text                    disk_alias          alias
        description         text                    disk_description    description
        provisioned_size    amount                  size                provisioned_size
        size                amount                  size                provisioned_size
        actual_size         amount                  actual_size         @actual_gb
        creation_date       date                    creation_date       _created
        shareable           flag                    shareable           @shareable
        status              enum disk_status        imageStatus         status
        disk_type           enum disk_storage_type  disk_storage_type   storage_type
        disk_content_type   enum disk_content_type  disk_content_type   content_type
        allocation_policy   enum allocation         volume_type         @allocation
        number_of_vms       number                  number_of_vms       @vm_count
        vm_names            listed                  vm_names            @vm_names
        quota               text                    quota_name          quota>name
        id                  id                      disk_id             id
        wipe_after_delete   flag                    wipe_after_delete   wipe_after_delete
        last_modified       date                    lastModified        _created
    """)),
    Entity("NETWORK", "network_view", "network_view", "id", "storage_pool_name ASC, name ASC", distinct=True,
           crosses=("CLUSTER_NETWORK", "HOST_NETWORK", "PROVIDER"), fields=_fields("""
        name            text        name                name
        description     text        description         description
        comment         text        free_text_comment   comment
        vlanid          number      vlan_id             vlan.id
        stp             flag        stp                 stp
        mtu             number      mtu                 mtu
        vmnetwork       flag        vm_network          @is_vm_network
        datacenter      text        storage_pool_name   data_center>name
        label           text        label               _label
        provider_name   text        provider_name       external_provider.name
        qos_name        text        qos_name            qos>name
    """)),
    Entity("VNICPROFILE", "vnic_profiles_view", "vnic_profiles_view", "id", "name ASC", distinct=True, intersected=True, fields=_fields("""
        name                    text    name                        name
        description             text    description                 description
        port_mirroring          flag    port_mirroring              port_mirroring
        passthrough             flag    passthrough                 @passthrough
        network_name            text    network_name                network>name
        compatibility_version   text    compatibility_version       @network_level
        datacenter              text    data_center_name            network>data_center>name
        qos_name                text    network_qos_name            qos>name
        network_filter          text    network_filter_name         network_filter>name
        failover                text    failover_vnic_profile_name  @nothing
    """)),
    Entity("POOL", "vm_pools_full_view", "vm_pools_full_view", "vm_pool_id", "vm_pool_name ASC ", distinct=True, fields=_fields("""
        name                text                vm_pool_name        name
        description         text                vm_pool_description description
        comment             text                vm_pool_comment     comment
        type                enum pool_type      vm_pool_type        type
        cluster             text                cluster_name        cluster>name
        datacenter          text                storage_pool_name   cluster>data_center>name
        architecture        enum architecture   architecture        cluster>cpu.architecture
        assigned_vm_count   integer             assigned_vm_count   @pool_size
        running_vm_count    integer             vm_running_count    @pool_running
    """)),
    Entity("USER", "vdc_users", "vdc_users_with_tags", "user_id", "name ASC ", tagged=True, suffix='usrname != ""',
           crosses=("VMS", "HOSTS", "TEMPLATES", "EVENTS", "VM", "HOST", "TEMPLATE", "EVENT"), fields=_fields("""
        name            text    name            name
        lastname        text    surname         last_name
        usrname         text    username        @login
        user_and_domain text    user_and_domain user_name
        login           text    username        @login
        directory       text    domain          domain.name
        department      text    department      department
        tag             tagged  tag_name        @tags
        pool            text    vm_pool_name    @user_pools
        type            exact   user_group      @nothing
    """)),
    Entity("GROUP", "ad_groups", "ad_groups", "id", "name ASC ", suffix='grpname != ""', fields=_fields("""
        grpname text    name    name
        name    text    name    name
    """)),
    Entity("EVENT", "audit_log", "audit_log", "audit_log_id", "audit_log_id DESC ",
           crosses=("VMS", "TEMPLATES", "USERS", "CLUSTERS", "VOLUMES", "QUOTA", "VM", "HOST", "TEMPLATE", "USER", "CLUSTER", "VOLUME"), fields=_fields("""
        type                    integer         log_type                        code
        severity                enum severity   severity                        severity
        message                 text            message                         description
        time                    time            log_time                        time
        usrname                 text            user_name                       user.name
        event_host              text            vds_name                        host.name
        event_vm                text            vm_name                         vm.name
        event_template          text            vm_template_name                template.name
        event_storage           text            storage_domain_name             storage_domain.name
        event_datacenter        text            storage_pool_name               data_center.name
        event_volume            text            gluster_volume_name             @nothing
        correlation_id          text            correlation_id                  correlation_id
        origin                  text            origin                          origin
        custom_event_id         integer         custom_event_id::int            custom_id
        deleted                 flag            deleted::boolean                @deleted
        _event_vm_id            text            vm_id::varchar                  vm.id
        _event_template_id      text            vm_template_id::varchar         template.id
        _event_storage_id       text            storage_domain_id::varchar      storage_domain.id
        _event_host_id          text            vds_id::varchar                 host.id
        _event_datacenter_id    text            storage_pool_id::varchar        data_center.id
        _event_quota_id         text            quota_id::varchar               quota.id
        usrid                   text            user_id::varchar                user.id
    """, hidden=("_EVENT_VM_ID", "_EVENT_TEMPLATE_ID", "_EVENT_STORAGE_ID", "_EVENT_HOST_ID", "_EVENT_DATACENTER_ID", "_EVENT_QUOTA_ID", "USRID"))),
    Entity("JOB", "job", "job", "job_id", "start_time ASC", fields=_fields("""
        correlation_id  exact   correlation_id  _correlation
    """)),
    Entity("VOLUME", "gluster_volumes_view", "gluster_volumes_view", "id", "vol_name ASC ", distinct=True, crosses=("CLUSTER",), fields=_fields("""
        name            text                vol_name        name
        type            enum volume_type    vol_type        volume_type
        transport_type  enum transport      transport_type  @transports
        replica_count   number              replica_count   replica_count
        stripe_count    number              stripe_count    stripe_count
        status          enum volume_status  status          status
    """)),
    Entity("QUOTA", "quota_view", "quota_view", "quota_id", "quota_name ASC", distinct=True, fields=_fields("""
        name                        text                quota_name                      name
        storagepoolname             text                storage_pool_name               data_center>name
        description                 text                description                     description
        thresholdstoragepercentage  number              threshold_storage_percentage    storage_soft_limit_pct
        thresholdclusterpercentage  number              threshold_cluster_percentage    cluster_soft_limit_pct
        gracestoragepercentage      number              grace_storage_percentage        storage_hard_limit_pct
        graceclusterpercentage      number              grace_cluster_percentage        cluster_hard_limit_pct
        enforcementtype             enum enforcement    quota_enforcement_type          data_center>quota_mode
    """)),
    Entity("PROVIDER", "providers", "providers", "id", "name ASC", fields=_fields("""
        name        text                name            name
        type        enum provider_type  provider_type   _type
        description text                description     description
        url         text                url             url
    """)),
    Entity("VNIC", "vm_interface_view", "vm_interface_view", "name", "vm_id ASC", fields=_NICS),
    Entity("NIC", "vds_interface", "vds_interface", "vds_id", "name ASC", fields=_fields("""
        network_name    text    network_name    network>name
        mac             text    mac_addr        mac.address
    """)),
    Entity("CLUSTER_NETWORK", "network_cluster_view", "network_cluster_view", "cluster_id", "cluster_name ASC", distinct=True, fields=_fields("""
        network_name    text    network_name    network.name
        cluster_name    text    cluster_name    cluster.name
    """)),
    Entity("HOST_NETWORK", "network_vds_view", "network_vds_view", "vds_name", "network_name ASC", distinct=True, fields=_fields("""
        host_name       text    vds_name        name
    """)),
)}

# Collections of the API and what they are in the language.
COLLECTIONS = {"vms": "VM", "hosts": "HOST", "templates": "TEMPLATE", "instancetypes": "INSTANCETYPE", "clusters": "CLUSTER", "datacenters": "DATACENTER",
               "storagedomains": "STORAGE", "disks": "DISK", "networks": "NETWORK", "vnicprofiles": "VNICPROFILE", "vmpools": "POOL", "users": "USER",
               "groups": "GROUP", "events": "EVENT", "jobs": "JOB", "glustervolumes": "VOLUME", "providers": "PROVIDER"}

# What the engine completes at the beginning of a search; a beginning of these is a word to come, not free text.
OBJECTS = ("VMS", "POOLS", "HOSTS", "TEMPLATES", "EVENTS", "USERS", "GROUPS", "CLUSTERS", "DISKS", "DATACENTER", "STORAGE", "VOLUMES", "QUOTA", "NETWORKS",
           "PROVIDERS", "INSTANCETYPES", "IMAGETYPES", "SESSIONS", "JOBS", "VNICPROFILES")


def singular(word: str) -> str:
    return word if word in ENTITIES or word[:-1] not in ENTITIES else word[:-1]


# -- joins: the rows of another entity that belong to one

def _one(store: Store, row: Row, place: str) -> list[Row]:
    reference = _at(store, row, place)
    found = store.table(_table(place.rpartition(">")[2])).get(reference["id"]) if isinstance(reference, dict) and reference.get("id") else None
    return [found] if found is not None else []


def _vm_storages(store: Store, row: Row) -> list[Row]:
    disks = [store.table("disk").get((one.get("disk") or {}).get("id")) for one in _owned(store, "disk_attachment", "vm", row)]
    return _disks_storages(store, [one for one in disks if one])


def _disks_storages(store: Store, disks: list[Row]) -> list[Row]:
    ids = {one["id"]: None for disk in disks for one in disk.get("storage_domains") or ()}
    return [row for row in map(store.table("storage_domain").get, ids) if row is not None]


def _data_center_storages(store: Store, data_center: Row | None) -> list[Row]:
    return store.table("storage_domain").by("_pool", data_center["id"]) if data_center is not None else []


def _with_permission(member: str) -> Callable[[Store, Row], list[Row]]:
    def users(store: Store, row: Row) -> list[Row]:
        found = (store.table("user").get((one.get("user") or {}).get("id")) for one in _owned(store, "permission", member, row))
        return [one for one in found if one is not None]
    return users


def _permitted(member: str) -> Callable[[Store, Row], list[Row]]:
    def objects(store: Store, row: Row) -> list[Row]:
        found = (store.table(member).get((one.get(member) or {}).get("id")) for one in _owned(store, "permission", "user", row))
        return [one for one in found if one is not None]
    return objects


def _through_vms(other: Callable[[Store, Row], list[Row]], member: str) -> Callable[[Store, Row], list[Row]]:
    def rows(store: Store, row: Row) -> list[Row]:
        found = {one["id"]: one for vm in _owned(store, "vm", member, row) for one in other(store, vm)}
        return list(found.values())
    return rows


def _many(table: str, member: str) -> Callable[[Store, Row], list[Row]]:
    return lambda store, row: list(_owned(store, table, member, row))


def _to(place: str) -> Callable[[Store, Row], list[Row]]:
    return lambda store, row: _one(store, row, place)


def _cluster_networks(store: Store, row: Row) -> list[Row]:
    return [{"network": store.table("network").get(one["network"]["id"]) or {}, "cluster": row}
            for one in _owned(store, "cluster_network", "cluster", row) if one.get("network")]


def _network_clusters(store: Store, row: Row) -> list[Row]:
    return [{"network": row, "cluster": store.table("cluster").get(one["cluster"]["id"]) or {}}
            for one in _owned(store, "cluster_network", "network", row) if one.get("cluster")]


def _network_hosts(store: Store, row: Row) -> list[Row]:
    return [host for nic in _owned(store, "host_nic", "network", row) for host in _one(store, nic, "host")]


def _none(store: Store, row: Row) -> list[Row]:
    return []


def _storage_clusters(store: Store, row: Row) -> list[Row]:
    return [cluster for dc in _storage_centers(store, row) for cluster in _owned(store, "cluster", "data_center", dc)]


JOINS: dict[tuple[str, str], Callable[[Store, Row], list[Row]]] = {
    ("VM", "HOST"): _to("host"), ("VM", "TEMPLATE"): _to("template"), ("VM", "USER"): _with_permission("vm"), ("VM", "EVENT"): _many("event", "vm"),
    ("VM", "STORAGE"): _vm_storages, ("VM", "VNIC"): _many("nic", "vm"),
    ("HOST", "VM"): _many("vm", "host"), ("HOST", "TEMPLATE"): _through_vms(_to("template"), "host"), ("HOST", "EVENT"): _many("event", "host"),
    ("HOST", "USER"): _with_permission("host"), ("HOST", "NIC"): _many("host_nic", "host"),
    ("HOST", "STORAGE"): lambda store, row: [one for dc in _one(store, row, "cluster>data_center") for one in _data_center_storages(store, dc)],
    ("TEMPLATE", "VM"): _many("vm", "template"), ("TEMPLATE", "HOST"): _through_vms(_to("host"), "template"),
    ("TEMPLATE", "EVENT"): _through_vms(_many("event", "vm"), "template"), ("TEMPLATE", "USER"): _through_vms(_with_permission("vm"), "template"),
    ("TEMPLATE", "STORAGE"): lambda store, row: _disks_storages(store, [disk for one in _owned(store, "disk_attachment", "template", row)
                                                                        for disk in _one(store, one, "disk")]),
    ("TEMPLATE", "VNIC"): _many("nic", "template"),
    ("USER", "VM"): _permitted("vm"), ("USER", "HOST"): _permitted("host"), ("USER", "TEMPLATE"): _permitted("template"),
    ("USER", "EVENT"): _many("event", "user"),
    ("EVENT", "VM"): _to("vm"), ("EVENT", "HOST"): _to("host"), ("EVENT", "TEMPLATE"): _to("template"), ("EVENT", "USER"): _to("user"),
    ("EVENT", "CLUSTER"): _to("cluster"), ("EVENT", "QUOTA"): _to("quota"), ("EVENT", "VOLUME"): _to("gluster_volume"),
    ("CLUSTER", "DATACENTER"): _to("data_center"), ("CLUSTER", "CLUSTER_NETWORK"): _cluster_networks,
    ("CLUSTER", "STORAGE"): lambda store, row: [one for dc in _one(store, row, "data_center") for one in _data_center_storages(store, dc)],
    ("DATACENTER", "CLUSTER"): _many("cluster", "data_center"), ("DATACENTER", "STORAGE"): _data_center_storages,
    ("DATACENTER", "NETWORK"): _many("network", "data_center"),
    ("STORAGE", "HOST"): lambda store, row: [host for cluster in _storage_clusters(store, row) for host in _owned(store, "host", "cluster", cluster)],
    ("STORAGE", "CLUSTER"): _storage_clusters,
    ("DISK", "STORAGE"): lambda store, row: _disks_storages(store, [row]),
    ("DISK", "DATACENTER"): lambda store, row: [dc for one in _disks_storages(store, [row]) for dc in _storage_centers(store, one)],
    ("NETWORK", "CLUSTER_NETWORK"): _network_clusters, ("NETWORK", "HOST_NETWORK"): _network_hosts, ("NETWORK", "PROVIDER"): _none,
    ("VOLUME", "CLUSTER"): _to("cluster"),
}


def joined(store: Store, entity: str, other: str, row: Row) -> list[Row]:
    """The rows of ``other`` that belong to a row of ``entity``."""
    return JOINS.get((entity, other), _none)(store, row)
