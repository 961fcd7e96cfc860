# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage domains in a newer format, while VMs run.

The engine has no such action: all data domains of a data center have the format of its compatibility level (``VersionStorageFormatUtil``). They are
converted when the level of the data center is raised, which needs every cluster at that level before, or when a domain is attached. Each way is a
file of its own.
"""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._operations import format_by_attaching, format_by_evacuation, format_in_place
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Operation, View
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_formats import find_domain, has, home_of
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Map, Text, Version, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem


def survey(view: View) -> Draft:
    options, wanted = view.options, view.options["format"]
    draft = Draft(shows={"method": "none", "format": {"before": None, "after": wanted}, "along": [], "keep_level": [], "left": []})
    try:
        domain = find_domain(view.estate, options["storage_domain"])
    except NotFound:
        if options["afterwards"] == "absent" and options.get("targets"):
            # An earlier run has come to its end: it is removed.
            return draft
        raise
    draft.shows["format"]["before"] = domain.get("storage_format")
    if domain.get("type") != "data":
        draft.problems.append(Problem(f"Storage domain {domain['name']} is for {domain.get('type')}: only data domains have a format to upgrade."))
        return draft
    method, home = _method(view, domain), home_of(domain)
    if method == "in_place":
        if home is None:
            draft.problems.append(Problem(f"Storage domain {domain['name']} belongs to no data center.", "Use method: attach."))
        elif has(domain, wanted):
            draft.shows["format"]["after"] = domain.get("storage_format")
            format_in_place.restarts(view, draft, home)
        else:
            format_in_place.draft(view, draft, domain, home)
    elif method == "attach":
        format_by_attaching.draft(view, draft, domain)
    else:
        format_by_evacuation.draft(view, draft, domain)
    if draft.problems or any(not unit.idle for unit in draft.units):
        draft.shows["method"] = method
    return draft


def _method(view: View, domain: Wire) -> str:
    options, home = view.options, home_of(domain)
    if options["method"] != "auto":
        return str(options["method"])
    if options.get("targets"):
        return "evacuate"
    wanted = view.estate.reference("data_center", options["data_center"])["id"] if options.get("data_center") else home
    there = wanted == home and has(domain, options["format"])
    return "attach" if home is None or wanted != home or there and options.get("register_in") else "in_place"


STORAGE_DOMAIN_UPGRADE = Operation(
    name="storage_domain_upgrade",
    summary="Bring storage domains to a newer format while VMs run",
    about=(
        "All data domains of a data center have one format, that of its compatibility version; the engine converts them when that is raised. "
        "There are three ways to a newer format, and check mode shows the plan of each.",
        "V(in_place) raises every cluster that is below, then the data center. All its data domains are converted at once, with the VMs up.",
        "V(attach) takes a domain that belongs to no data center, or to one that stays old, into one that is new enough, where it is converted; the "
        "templates and VMs on it can be registered there. It is detached from an old data center before, which needs the VMs on it down.",
        "V(evacuate) moves all disks to other domains of the data center, live, as M(virtops.ovirt.disk_move) does: to another type of storage, or away "
        "from a domain that is not to be converted. The format of the old domain is left alone.",
        "Before the first change it is looked at what stands in the way: the status of the data center and its hosts, the levels that hosts know by the "
        "version of their VDSM, other domains that go along, CPU types that the new level does not offer, suspended VMs and previews of snapshots, the space "
        "of targets, leases, ISO images in use. VMs with a level, a machine type or pending changes of their own are named.",
        "Every way can be run again after a failure or a killed task, and does what is left. A domain that has the format already changes nothing.",
        "A VM that runs through the raise keeps the old level until it is restarted: RV(keep_level) names them, O(on_running) can restart them, now or in a "
        "later run.",
    ),
    notes=(
        "The API does not tell the machine types and CPU flags of hosts. The engine asks its hosts itself when the first cluster is raised, before it changes "
        "anything, and refuses with the names of those that lack them.",
        "A new domain to evacuate to is made by M(virtops.ovirt.storage_domain) in a task before.",
    ),
    options=(
        Text("storage_domain", "Storage domain, by name or id.", needed=True),
        Enum("format", "Format it is to have, or a newer one.", choices=("v4", "v5")),
        Enum(
            "method",
            (
                "The way there.",
                "V(auto) evacuates where O(targets) is given, attaches a domain that does not belong to O(data_center), or to none at all, and raises the data "
                "center that it belongs to otherwise.",
            ),
            choices=("auto", "in_place", "attach", "evacuate"),
        ),
        Version(
            "compatibility_version",
            "In place, the level that clusters and data center are raised to; the lowest with the format when it is left out. In quotes: V('4.7').",
        ),
        Text("data_center", "To attach, data center, by name or id."),
        Text("register_in", "To attach, cluster, by name or id, in which the templates and VMs that are found on the domain are registered."),
        ListOf("targets", "To evacuate, storage domains of the same data center, by name or id.", each=Text("domain", "")),
        Enum(
            "templates",
            "To evacuate, what happens to disks of templates, as in M(virtops.ovirt.disk_move).",
            choices=("move", "copy", "keep", "refuse"),
        ),
        Int("per_source", "To evacuate, how many disks are moved away at a time.", least=1),
        Int("per_target", "To evacuate, how many disks are moved to one storage domain at a time.", least=1),
        Enum(
            "afterwards",
            "To evacuate, what the old domain is once it is empty. V(absent) removes it, and what is on its storage.",
            choices=("kept", "maintenance", "unattached", "absent"),
        ),
        Enum(
            "on_running",
            (
                "In place, what happens with VMs that run.",
                "V(next_run) leaves them at the old level until they are restarted, V(restart) reboots them after the raise, which the engine makes a cold "
                "start, V(fail) fails before anything is written.",
            ),
            choices=("next_run", "restart", "fail"),
        ),
        Int("grace_period", "With O(on_running=restart), seconds a guest has to reboot before O(force) decides. 300 when it is left out.", least=0),
        Bool("force", "With O(on_running=restart), whether a guest that does not reboot in time is powered off and started."),
    ),
    defaults={
        "format": "v5",
        "method": "auto",
        "templates": "move",
        "per_source": 2,
        "per_target": 2,
        "afterwards": "kept",
        "on_running": "next_run",
    },
    survey=survey,
    returned=(
        Text("name", "Name of the object."),
        Enum("kind", "What it is.", choices=("cluster", "data_center", "storage_domain", "contents", "vm", "disk")),
    ),
    shows=(
        Enum("method", "The way that is taken; V(none) where the domain has the format.", choices=("none", "in_place", "attach", "evacuate")),
        Map("format", "C(before) and C(after)."),
        ListOf("along", "Other data domains that are converted in the same moment: C(id), C(name) and C(format).", each=Map("domain", "")),
        ListOf("keep_level", "VMs that run and keep the old level until they are restarted: C(id) and C(name).", each=Map("vm", "")),
        ListOf("left", "Disks of the engine's own that stay on an evacuated domain: C(id), C(name) and C(content_type).", each=Map("disk", "")),
        Int("bytes", "Bytes that an evacuation moves."),
    ),
    seealso=("disk_move", "storage_domain", "data_center", "cluster"),
)
