# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port mirroring: a vNIC profile of a logical network whose NICs get a copy of all its traffic, and the NICs on it.

The engine toggles mirroring only on a profile that nothing uses, and puts no plugged NIC of a running VM onto such a profile or off it; one that the
same request plugs or unplugs it does (``UpdateVmInterfaceCommand``). So a NIC is unplugged, and then put on the other profile and plugged at once: after
a killed run it is unplugged and on the profile that it had, which the next run finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, EngineError, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, ListOf, Map, Struct, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, UPDATE, Problem, State, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import ACTIVE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.rest import PASSING, rest


@dataclass
class Profile:
    """The mirroring profile of a network: there, to be changed, or to be made. ``id`` is known once it is there."""

    network: Wire
    name: str
    wire: Wire | None
    toggle: bool = False

    def __post_init__(self) -> None:
        self.id = str(self.wire["id"]) if self.wire else ""

    @property
    def title(self) -> str:
        return f"vNIC profile {self.name} of network {self.network['name']}"

    @property
    def step(self) -> Step | None:
        if self.wire is None:
            body = {"name": self.name, "network": {"id": self.network["id"]}, "port_mirroring": True}
            return Step(CREATE, f"make {self.title}, which mirrors", "vnicprofiles", body=body, saves="profile", look_for=("name", self.name))
        if self.toggle:
            return Step(UPDATE, f"let {self.title} mirror", f"vnicprofiles/{self.wire['id']}", body={"port_mirroring": True})
        return None

    def make(self, hands: Hands) -> None:
        if self.step is not None:
            hands.do(self.step)
        self.id = hands.journal.ids.get("profile", self.id)


def survey(view: View) -> Draft:
    estate, options = view.estate, view.options
    network = _network(estate, options)
    profiles = [one for one in estate.list("vnicprofiles") if dig(one, "network.id") == network["id"]]
    return _enable(view, network, profiles) if view.state == "enabled" else _disable(view, network, profiles)


def _enable(view: View, network: Wire, profiles: Wires) -> Draft:
    if not view.options.get("listeners"):
        raise InvalidInput("listeners is not given: nothing says which NIC of which VM gets the traffic.")
    draft = Draft()
    if network.get("external_provider"):
        draft.problems.append(Problem(f"Network {network['name']} is external: the engine cannot mirror it.", "Mirror a network of the engine's own."))
    if "vm" not in (dig(network, "usages.usage") or []):
        draft.problems.append(Problem(f"Network {network['name']} is not for VMs, so that none of them can listen to it.", "Make it one: vm_network: true."))
    profile = _profile(view, network, profiles, draft)
    unit = Unit(profile.title, {"id": (profile.wire or {}).get("id"), "name": profile.name, "kind": "vnic_profile"})
    if profile.step is not None:
        unit.outcome = Outcome(True, {}, {"port_mirroring": True}, steps=[{"do": profile.step.do, "says": profile.step.says}])
        unit.work = profile.make
    draft.units.append(unit)
    mirrored = {one["id"]: one for one in profiles if one.get("port_mirroring") == "true"}
    for listener in view.options["listeners"]:
        draft.units.append(_listener(view, network, listener, profile, mirrored))
        draft.units[-1].after = [unit]
    return draft


def _profile(view: View, network: Wire, profiles: Wires, draft: Draft) -> Profile:
    """The profile that is named, or else one that mirrors already, or else a new one."""
    name = view.options.get("profile")
    if name is None:
        there = sorted(one["name"] for one in profiles if one.get("port_mirroring") == "true")
        name = there[0] if there else f"{network['name']}_mirror"
    found = next((one for one in profiles if name in (one["id"], one["name"])), None)
    if found is None or found.get("port_mirroring") == "true":
        return Profile(network, found["name"] if found else name, found)
    if dig(found, "pass_through.mode") == "enabled":
        draft.problems.append(Problem(f"vNIC profile {name} passes NICs through, which excludes mirroring.", "Name another profile, or leave profile out."))
    users = [f"{vm['name']}/{nic['name']}" for vm, nic in _nics(view.estate) if dig(nic, "vnic_profile.id") == found["id"]]
    if users:
        problem = f"vNIC profile {name} does not mirror, and cannot begin to while NICs use it: {', '.join(users)}."
        draft.problems.append(Problem(problem, "Name another profile, or leave profile out to have one made."))
    return Profile(network, found["name"], found, toggle=True)


def _listener(view: View, network: Wire, listener: Mapping[str, Any], profile: Profile, mirrored: Mapping[str, Wire]) -> Unit:
    vm = _vm(view.estate, listener["vm"])
    nic = next((one for one in dig(vm, "nics.nic") or [] if listener["nic"] in (one["id"], one["name"])), None)
    unit = _nic_unit(vm, nic, listener["nic"])
    there = nic is not None and profile.wire is not None and dig(nic, "vnic_profile.id") == profile.wire["id"] and profile.wire["id"] in mirrored
    plugged = nic is None or nic.get("plugged") == "true"
    if there and plugged:
        return unit
    if not there:
        unit.problems = [*_reaches(view.estate, vm, network), *_replugs(view, vm, nic)]
    names = {} if there else {"vnic_profile": _profile_name(view.estate, nic)}, {} if there else {"vnic_profile": profile.name}
    plugs = ({}, {}) if plugged else ({"plugged": False}, {"plugged": True})
    unit.outcome = Outcome(True, {**names[0], **plugs[0]}, {**names[1], **plugs[1]})
    unit.outcome.steps = [{"do": step.do, "says": step.says} for step in _nic_steps(vm, nic, listener["nic"], profile.name, "", plug=not plugged)]
    unit.shows = {"replugged": not there and _hot(vm, nic)}
    unit.work = partial(_listen, vm=vm, nic=nic, name=listener["nic"], profile=profile, plug=not plugged)
    return unit


def _listen(hands: Hands, *, vm: Wire, nic: Wire | None, name: str, profile: Profile, plug: bool) -> None:
    _change(hands, _nic_steps(vm, nic, name, profile.name, profile.id, plug=plug))


def _change(hands: Hands, steps: Sequence[Step]) -> None:
    """Carries out the steps of a NIC; one that was unplugged for them and could not be changed is plugged again as it was."""
    try:
        hands.do(*steps)
    except EngineError as error:
        unplugged = [step for step in steps if step.body == {"plugged": False}]
        if unplugged and any(done.says == unplugged[0].says for done in hands.journal.done):
            again = Step(UPDATE, unplugged[0].says.replace("unplug", "plug again", 1), unplugged[0].path, body={"plugged": True})
            hands.do(again, wait=True)
            error.message += " The NIC is plugged again, on the profile that it had."
        raise


def _disable(view: View, network: Wire, profiles: Wires) -> Draft:
    draft = Draft()
    mirrored = {one["id"]: one for one in profiles if one.get("port_mirroring") == "true"}
    wanted = view.options.get("restore_profile", network["name"])
    plain = next((one for one in profiles if one["id"] not in mirrored and wanted in (one["id"], one["name"])), None)
    chosen = [(item["vm"], item["nic"]) for item in view.options.get("listeners") or []]
    stay = False
    for vm, nic in _nics(view.estate):
        if dig(nic, "vnic_profile.id") not in mirrored:
            continue
        if chosen and not any(name in (vm["id"], vm["name"]) and port in (nic["id"], nic["name"]) for name, port in chosen):
            stay = True
            continue
        draft.units.append(_silence(view, vm, nic, plain))
        if plain is None:
            hint = "Name one as restore_profile."
            draft.problems.append(Problem(f"Network {network['name']} has no profile {wanted!r} without mirroring for the NICs to go back to.", hint))
    if view.options.get("remove_profile"):
        if stay:
            draft.warnings.append(f"The mirroring profiles of network {network['name']} stay: other NICs use them.")
        else:
            kept = _of_templates(view.estate, mirrored)
            draft.warnings += [f"vNIC profile {mirrored[one]['name']} stays: template {name} uses it." for one, name in kept.items()]
            draft.units += [_removal(wire, list(draft.units)) for identifier, wire in mirrored.items() if identifier not in kept]
    return draft


def _of_templates(estate: Estate, mirrored: Mapping[str, Wire]) -> dict[str, str]:
    """Which of these profiles a template uses, and its name; they cannot be removed."""
    templates = estate.list("templates", follow=("nics",)) if mirrored else []
    used = {dig(nic, "vnic_profile.id"): template["name"] for template in templates for nic in dig(template, "nics.nic") or []}
    return {identifier: used[identifier] for identifier in mirrored if identifier in used}


def _silence(view: View, vm: Wire, nic: Wire, plain: Wire | None) -> Unit:
    unit = _nic_unit(vm, nic, nic["name"])
    unit.problems = list(_replugs(view, vm, nic))
    # An interrupted run leaves it unplugged.
    plug = bool(view.options.get("replug")) and vm.get("status") in ACTIVE and nic.get("plugged") != "true"
    steps = _nic_steps(vm, nic, nic["name"], (plain or {}).get("name", ""), (plain or {}).get("id", ""), plug=plug)
    plugs = ({"plugged": False}, {"plugged": True}) if plug else ({}, {})
    shown = {"vnic_profile": _profile_name(view.estate, nic), **plugs[0]}, {"vnic_profile": (plain or {}).get("name"), **plugs[1]}
    unit.outcome = Outcome(True, *shown, steps=[{"do": step.do, "says": step.says} for step in steps])
    unit.work = lambda hands: _change(hands, steps)
    unit.shows = {"replugged": _hot(vm, nic)}
    return unit


def _removal(wire: Wire, leaving: list[Unit]) -> Unit:
    step = Step(REMOVE, f"remove vNIC profile {wire['name']}", f"vnicprofiles/{wire['id']}")
    outcome = Outcome(True, {"name": wire["name"], "port_mirroring": True}, {})
    return Unit(f"vNIC profile {wire['name']}", {"id": wire["id"], "name": wire["name"], "kind": "vnic_profile"}, outcome, steps=[step], after=leaving)


def _nic_unit(vm: Wire, nic: Wire | None, name: str) -> Unit:
    item = {"id": (nic or {}).get("id"), "name": name if nic is None else nic["name"], "vm": vm["name"], "kind": "nic"}
    return Unit(f"NIC {item['name']} of VM {vm['name']}", item, shares=[(f"vm:{vm['id']}", 1)], shows={"replugged": False})


def _nic_steps(vm: Wire, nic: Wire | None, name: str, profile: str, identifier: str, *, plug: bool = False) -> list[Step]:
    """
    :param plug: it is unplugged, and shall be plugged afterwards.
    """
    place, title = f"vms/{vm['id']}/nics", f"NIC {name} of VM {vm['name']}"
    waits = rest(vm, f"vms/{vm['id']}", frozenset({"up", "down"}))
    body: Wire = {"vnic_profile": {"id": identifier}}
    if nic is None:
        return [*waits, Step(CREATE, f"add {title} on profile {profile}", place, body={"name": name, **body}, look_for=("name", name))]
    path = f"{place}/{nic['id']}"
    hot = _hot(vm, nic)
    if hot or plug:
        body["plugged"] = True
    change = Step(UPDATE, f"put {title} on profile {profile}{' and plug it' if hot or plug else ''}", path, body=body)
    return [*waits, *([Step(UPDATE, f"unplug {title}", path, body={"plugged": False})] if hot else []), change]


def _hot(vm: Wire, nic: Wire | None) -> bool:
    return nic is not None and vm.get("status") in ACTIVE and nic.get("plugged") == "true"


def _replugs(view: View, vm: Wire, nic: Wire | None) -> Iterator[Problem]:
    if vm.get("status") not in {"up", "down"} | PASSING:
        yield Problem(f"VM {vm['name']} is {vm.get('status')}; its NICs change while it is up or down.", "Bring it there first.")
    if (nic or {}).get("interface") == "pci_passthrough":
        problem = f"NIC {(nic or {})['name']} of VM {vm['name']} is a host's card passed through, which excludes mirroring."
        yield Problem(problem, "Name another NIC, or a new one.")
    elif _hot(vm, nic) and not view.options.get("replug"):
        problem = f"NIC {(nic or {})['name']} of VM {vm['name']} is plugged into a running VM, and has to be unplugged for a moment."
        yield Problem(problem, "Allow it with replug: true, or stop the VM.")


def _reaches(estate: Estate, vm: Wire, network: Wire) -> Iterator[Problem]:
    """Whether the VM's cluster has the network."""
    cluster = dig(vm, "cluster.id")
    if cluster and all(one["id"] != network["id"] for one in estate.once(f"clusters/{cluster}/networks")):
        name = estate.name_of("cluster", cluster)
        yield Problem(f"VM {vm['name']} is in cluster {name}, which does not have network {network['name']}.", "Make the network available there first.")


def _nics(estate: Estate) -> Iterator[tuple[Wire, Wire]]:
    for vm in estate.load("vms", follow=("nics",)):
        for nic in dig(vm, "nics.nic") or []:
            yield vm, nic


def _vm(estate: Estate, text: str) -> Wire:
    identifier = estate.reference("vm", text)["id"]
    wire = estate.get(f"vms/{identifier}", follow=("nics",))
    if wire is None:
        raise NotFound(f"There is no VM {text!r}.")
    return wire


def _profile_name(estate: Estate, nic: Wire | None) -> str | None:
    identifier = dig(nic, "vnic_profile.id")
    return estate.name_of("vnic_profile", identifier) if identifier else None


def _network(estate: Estate, options: Mapping[str, Any]) -> Wire:
    center = estate.reference("data_center", options["data_center"])["id"] if options.get("data_center") else None
    found = [one for one in estate.list("networks") if options["network"] in (one["id"], one["name"]) and center in (None, dig(one, "data_center.id"))]
    if len(found) > 1:
        ids = ", ".join(one["id"] for one in found)
        raise Ambiguous(f"network: there are {len(found)} networks {options['network']!r}, with the ids {ids}.", hint="Name the data_center, too.")
    if not found:
        raise NotFound(f"network: there is no network {options['network']!r}.", hint="Check the spelling, or create it first.")
    return found[0]


def report(view: View) -> Draft:
    """Every mirrored network and who listens."""
    estate = view.estate
    networks = {one["id"]: one for one in estate.list("networks")}
    if view.options.get("network"):
        wanted = _network(estate, view.options)
        networks = {wanted["id"]: wanted}
    centers = {one["id"]: one["name"] for one in estate.list("datacenters")}
    mirrored = {one["id"]: one for one in estate.list("vnicprofiles") if one.get("port_mirroring") == "true" and dig(one, "network.id") in networks}
    shown: dict[str, dict[str, Any]] = {}
    for profile in mirrored.values():
        network = networks[dig(profile, "network.id")]
        known = {"id": network["id"], "name": network["name"], "data_center": centers.get(dig(network, "data_center.id")), "profiles": [], "listeners": []}
        shown.setdefault(network["id"], known)["profiles"].append({"id": profile["id"], "name": profile["name"]})
    for vm, nic in _nics(estate) if mirrored else ():
        used = mirrored.get(dig(nic, "vnic_profile.id") or "")
        if used is not None:
            shown[dig(used, "network.id")]["listeners"].append(
                {
                    "vm": {"id": vm["id"], "name": vm["name"], "status": vm.get("status")},
                    "nic": {"id": nic["id"], "name": nic["name"], "mac": dig(nic, "mac.address")},
                    "vnic_profile": used["name"],
                    "plugged": nic.get("plugged") == "true",
                    "linked": nic.get("linked") == "true",
                }
            )
    return Draft(shows={"networks": sorted(shown.values(), key=lambda one: str(one["name"]))})


_NETWORK = (
    Text("network", "Logical network, by name or id, whose traffic is copied.", needed=True),
    Text("data_center", "Data center, by name or id, of the network; needed where several have a network of that name."),
)

PORT_MIRRORING = Operation(
    name="port_mirroring",
    summary="Copy the traffic of a logical network to NICs of VMs",
    about=(
        "Puts NICs onto a vNIC profile that mirrors its logical network, and off it again.",
        "The profile is made where the network has none. NICs that do not exist are added to their VM, and those that are not plugged are plugged.",
        "The engine moves no plugged NIC of a running VM onto such a profile or off it: with O(replug=true) it is unplugged for that moment.",
        "What is in the way is named for all NICs before the first change: external networks, pass-through, profiles in use, clusters without the network.",
    ),
    options=(
        *_NETWORK,
        ListOf(
            "listeners",
            "The NICs that get the traffic. With O(state=disabled), those that no longer do; all of the network when it is left out.",
            each=Struct(
                "listener",
                "",
                fields=(
                    Text("vm", "VM, by name or id.", needed=True),
                    Text("nic", "NIC of that VM, by name or id.", needed=True),
                ),
            ),
        ),
        Text(
            "profile",
            (
                "vNIC profile of the network, by name or id, that mirrors or may begin to because nothing uses it; made where there is none of that name.",
                "When it is left out, one of the network that mirrors already, or a new one named like the network with C(_mirror) after it.",
            ),
        ),
        Text("restore_profile", "With O(state=disabled), profile of the network that the NICs go back to. The one named like the network when it is left out."),
        Bool("remove_profile", "With O(state=disabled), whether mirroring profiles that nothing uses afterwards are removed."),
        Bool(
            "replug",
            (
                "Whether plugged NICs of running VMs may be unplugged for the change, and plugged again. Their guests lose the link for a moment.",
                "NICs that are found unplugged, as an interrupted run leaves them, are plugged, too.",
            ),
        ),
    ),
    states=(State("enabled", "The NICs get a copy of the network's traffic."), State("disabled", "They do not.")),
    survey=survey,
    returned=(
        Text("name", "Name of the NIC or profile."),
        Text("vm", "VM that has the NIC."),
        Enum("kind", "What it is.", choices=("nic", "vnic_profile")),
        Bool("replugged", "Whether the NIC is unplugged and plugged for it."),
    ),
    seealso=("port_mirroring_info", "vnic_profile", "nic"),
)

PORT_MIRRORING_INFO = Operation(
    name="port_mirroring_info",
    summary="Read which networks are mirrored and who listens",
    about=("Reads every logical network that a vNIC profile mirrors, with the NICs that get its traffic.",),
    options=(Text("network", "Logical network, by name or id; all of them when it is left out."), _NETWORK[1]),
    survey=report,
    shows=(
        ListOf(
            "networks",
            "The mirrored networks.",
            each=Struct(
                "network",
                "",
                fields=(
                    Text("id", "Unique identifier of the network."),
                    Text("name", "Its name."),
                    Text("data_center", "Its data center."),
                    ListOf("profiles", "Its profiles that mirror: C(id) and C(name).", each=Map("profile", "")),
                    ListOf(
                        "listeners",
                        "NICs on them: C(vm) with C(id), C(name) and C(status), C(nic) with C(id), C(name) and C(mac), C(vnic_profile), C(plugged), C(linked).",
                        each=Map("listener", ""),
                    ),
                ),
            ),
        ),
    ),
    seealso=("port_mirroring",),
    reads=True,
)
