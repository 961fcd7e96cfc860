# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permissions: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-permission

The list of an object has its own permissions and those of all it lies in, and shows the latter as if they were the object's
(``BackendAssignedPermissionsResource``). What a permission is really on is told by ``/permissions/{id}``, for the objects that a permission has a member for
(``PermissionMapper``). For others it is told by what the objects above have in their lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.principals import (
    AUTHZ_NAME,
    NAMESPACE,
    OPTIONS,
    Names,
    Principal,
    find,
    given,
    known,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._directory import COLLECTIONS, EVERYONE, GROUP, USER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, ListOf, Struct, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ABSENT, CREATE, PRESENT, REMOVE, Problem, Reader, State, Step

SYSTEM = "system"
TOLD = ("cluster", "data_center", "disk", "host", "storage_domain", "template", "vm", "vm_pool")
"""What a permission has a member for."""
UNTOLD = ("network", "vnic_profile", "quota", "mac_pool", "cpu_profile", "disk_profile")
SCOPES: Mapping[str, Sequence[str]] = {"network": ("data_center",), "quota": ("data_center",), "vnic_profile": ("network", "data_center")}
"""Options that say where the name of an object is to be looked for, instead of being what it is about."""
SUPER_USER = "00000000-0000-0000-0000-000000000001"
AT_ONCE = 8


@dataclass(frozen=True)
class Target:
    """What permissions are on.

    path   where it is below the API's root; "" for the system
    above  the path of what it lies in, where permissions do not tell that
    """

    kind: str
    id: str | None
    name: str
    path: str
    above: str = ""

    @property
    def title(self) -> str:
        return "the system" if self.kind == SYSTEM else f"{REFERENCES[self.kind].words} {self.name}"

    @property
    def permissions(self) -> str:
        return f"{self.path}/permissions".lstrip("/")

    @property
    def shown(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "name": self.name}


def target_of(estate: Estate, options: Mapping[str, Any]) -> Target:
    """The object that options name.

    :raises InvalidInput: none or several.
    """
    named = [kind for kind in (*TOLD, *UNTOLD) if options.get(kind)]
    kinds = [kind for kind in named if not any(kind in SCOPES.get(other, ()) for other in named)]
    if options.get(SYSTEM):
        kinds.append(SYSTEM)
    if len(kinds) != 1:
        choices = ", ".join((SYSTEM, *TOLD, *UNTOLD))
        said = f"{' and '.join(kinds)} are given, and a permission is on one object." if kinds else "No object is given."
        raise InvalidInput(said, hint=f"Give one of {choices}.")
    kind = kinds[0]
    if kind == SYSTEM:
        return Target(SYSTEM, None, SYSTEM, "")
    return _named(estate, kind, options)


def _named(estate: Estate, kind: str, options: Mapping[str, Any]) -> Target:
    scope = {name: estate.reference(name, options[name], scope=_center(estate, options, name))["id"] for name in SCOPES.get(kind, ()) if options.get(name)}
    try:
        found = estate.reference(kind, options[kind], scope={name: scope[name] for name in SCOPES.get(kind, ())[:1] if name in scope})
    except (NotFound, InvalidInput, Ambiguous) as error:
        error.message = f"{kind}: {error.message}"
        if isinstance(error, Ambiguous) and SCOPES.get(kind):
            error.hint = f"Give {' and '.join(SCOPES[kind])}, too, or the id instead of the name."
        raise
    if kind == "quota":
        return Target(kind, found["id"], found["name"], f"datacenters/{scope['data_center']}/quotas/{found['id']}")
    above = ""
    if kind == "vnic_profile":
        network = dig(estate.get(f"vnicprofiles/{found['id']}"), "network.id")
        above = f"networks/{network}" if network else ""
    return Target(kind, found["id"], found["name"], f"{REFERENCES[kind].path}/{found['id']}", above)


def _center(estate: Estate, options: Mapping[str, Any], name: str) -> dict[str, str]:
    """The data center in which the name of a network is looked for."""
    return {"data_center": estate.reference("data_center", options["data_center"])["id"]} if name == "network" and options.get("data_center") else {}


@dataclass(frozen=True)
class Held:
    """A permission that an object has, and what it is on really: ``(kind, id)``; the kind is None where the engine does not tell."""

    wire: Wire
    on: tuple[str | None, str | None]
    inherited: bool

    @property
    def holder(self) -> tuple[str, str]:
        """Whether a user or a group has it, and the id."""
        return holder_of(self.wire)

    @property
    def role(self) -> str:
        return str(dig(self.wire, "role.id"))

    @property
    def kept(self) -> bool:
        """Whether a purge leaves it alone: it is not the object's own, or the engine gave it itself, or without it nobody might be able to log in."""
        return self.inherited or self.holder[1] == EVERYONE or self.on[0] == SYSTEM and self.role == SUPER_USER


def holder_of(wire: Wire) -> tuple[str, str]:
    sort = GROUP if wire.get(GROUP) else USER
    return sort, str(dig(wire, f"{sort}.id"))


def held(estate: Estate, target: Target, wires: Wires) -> list[Held]:
    """Of permissions in the list of an object, what they are on. One request for each of them that is not the system's."""
    if target.kind == SYSTEM:
        return [Held(wire, (SYSTEM, None), False) for wire in wires]
    if not wires:
        return []
    systems = {one["id"] for one in estate.once("permissions")}
    above = {one["id"] for one in estate.once(f"{target.above}/permissions")} if target.above else set()

    def look(wire: Wire) -> Held | None:
        if wire["id"] in systems:
            return Held(wire, (SYSTEM, None), True)
        alone = estate.get(f"permissions/{wire['id']}")
        if alone is None:
            return None
        on = next(((kind, str(dig(alone, f"{kind}.id"))) for kind in TOLD if alone.get(kind)), None)
        if on is not None:
            return Held(wire, on, on != (target.kind, target.id))
        if target.kind in TOLD or wire["id"] in above:
            return Held(wire, (None, None), True)
        return Held(wire, (target.kind, target.id), False)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return [one for one in pool.map(look, wires) if one is not None]


def survey(view: View) -> Draft:
    options, estate = view.options, view.estate
    wanted = _wanted(options)
    if options.get("purge") and (view.state == ABSENT.name or "permissions" not in options):
        raise InvalidInput("purge takes away what permissions does not list: it goes with a list of permissions, and with state: present.")
    try:
        target = target_of(estate, options)
    except NotFound:
        if view.state == ABSENT.name:
            # Nothing can be on what is not there.
            return Draft(shows={"object": None})
        raise
    draft = Draft(shows={"object": target.shown})
    _Survey(view, target, draft).run(wanted, bool(options.get("purge")))
    return draft


def _wanted(options: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each permission that is asked for, with where the task says so."""
    single = {name: options[name] for name in ("user", "group", "role", "authz_name", "namespace") if name in options}
    if "permissions" not in options:
        given(single)
        if "role" not in single:
            raise InvalidInput("role is missing.")
        return [("", single)]
    if single:
        raise InvalidInput(f"Give {' and '.join(single)} either for one permission, or in each of permissions.")
    return [(f"permissions[{place}]: ", one) for place, one in enumerate(options["permissions"])]


class _Survey:
    def __init__(self, view: View, target: Target, draft: Draft) -> None:
        self.estate, self.target, self.draft = view.estate, target, draft
        self.grants = view.state == PRESENT.name
        self.names = Names(view.estate)
        self.listed = view.estate.list(target.permissions)
        self.added: dict[str, Unit] = {}
        self.pooled = self.grants and self.target.kind == "vm" and bool(dig(self.estate.get(self.target.path), "vm_pool.id"))

    def run(self, wanted: Sequence[tuple[str, Mapping[str, Any]]], purge: bool) -> None:
        pairs: dict[tuple[str, str], None] = {}
        for place, options in wanted:
            found = self._pair(place, options)
            if found is None:
                continue
            principal, role = found
            key = (principal.id or principal.name, role["id"])
            if key not in pairs:
                pairs[key] = None
                self._one(principal, role)
        if purge:
            self._purge(set(pairs))

    def _pair(self, place: str, options: Mapping[str, Any]) -> tuple[Principal, Wire] | None:
        """Who is meant and which role; None where one of them is not there, and so nothing to take away."""
        try:
            principal = find(self.estate, options, place)
            role = self._role(place, options["role"])
        except NotFound as error:
            if self.grants:
                self.draft.problems.append(Problem(error.message, error.hint or ""))
            return None
        return None if principal.id is None and not self.grants else (principal, role)

    def _role(self, place: str, text: str) -> Wire:
        found = [one for one in self.estate.once("roles") if text in (one["id"], one.get("name"))]
        if not found:
            raise NotFound(f"{place}There is no role {text!r}.", hint="virtops.ovirt.role_info lists them.")
        return found[0]

    def _one(self, principal: Principal, role: Wire) -> None:
        fitting = [one for one in self.listed if holder_of(one)[1] == principal.id and dig(one, "role.id") == role["id"]]
        there = held(self.estate, self.target, fitting)
        own = [one for one in there if not one.inherited]
        unit = self._unit(principal.sort, principal.name, role["name"], own[0].wire["id"] if own else None)
        if self.grants and not own:
            self._grant(unit, principal, role)
        elif not self.grants and own:
            self._revoke(unit, own[0])
        if not self.grants:
            for one in there:
                if one.inherited:
                    has = f"{principal.title} has the role {role['name']} on {self.target.title} still"
                    self.draft.warnings.append(f"{has}, by a permission {self._where(one)}.")

    def _unit(self, sort: str, name: str | None, role: str | None, identifier: str | None) -> Unit:
        item = {"id": identifier, "kind": "permission", USER: name if sort == USER else None, GROUP: name if sort == GROUP else None, "role": role}
        unit = Unit(f"role {role} of {sort} {name} on {self.target.title}", item, Outcome(False, {}, {}))
        self.draft.units.append(unit)
        return unit

    def _grant(self, unit: Unit, principal: Principal, role: Wire) -> None:
        body: Wire = {"role": {"id": role["id"]}}
        if principal.id is None:
            unit.after = [self._addition(principal)]
        else:
            body[principal.sort] = {"id": principal.id}
        if self.pooled:
            problem = f"{self.target.title} is part of a VM pool, and the engine gives permissions on the pool instead."
            unit.problems = [Problem(problem, "Give vm_pool instead of vm.")]

        def fresh(_reader: Reader) -> Wires:
            holder = dig(body, f"{principal.sort}.id")
            fitting = [one for one in self.estate.list(self.target.permissions) if holder_of(one)[1] == holder and dig(one, "role.id") == role["id"]]
            return [one.wire for one in held(self.estate, self.target, fitting) if not one.inherited]

        says = f"give {principal.title} the role {role['name']} on {self.target.title}"
        step = Step(CREATE, says, self.target.permissions, body=body, saves="permission", finds=fresh)
        unit.outcome = Outcome(True, {}, self._told(unit), steps=[{"do": step.do, "says": step.says}])
        unit.work = partial(self._granted, unit=unit, step=step, principal=principal)

    def _granted(self, hands: Hands, *, unit: Unit, step: Step, principal: Principal) -> None:
        if principal.id is None:
            step.body[principal.sort] = {"id": self.added[principal.title].item["id"]}
        hands.do(step)
        unit.item = {**unit.item, "id": hands.journal.ids["permission"]}

    def _addition(self, principal: Principal) -> Unit:
        """The unit that has the engine know somebody out of a directory."""
        if principal.title not in self.added:
            unit = Unit(principal.title, {"id": None, "kind": principal.sort, USER: None, GROUP: None, principal.sort: principal.name, "role": None})

            def there(_reader: Reader) -> Wires:
                return known(self.estate, principal.sort, principal.name)

            path = COLLECTIONS[principal.sort]
            step = Step(CREATE, f"add {principal.title}", path, body=principal.body or {}, saves="principal", finds=there)
            unit.outcome = Outcome(True, {}, {"name": principal.name}, steps=[{"do": step.do, "says": step.says}])

            def work(hands: Hands) -> None:
                hands.do(step)
                unit.item = {**unit.item, "id": hands.journal.ids["principal"]}

            unit.work = work
            self.added[principal.title] = unit
            self.draft.units.insert(len(self.draft.units) - 1, unit)
        return self.added[principal.title]

    def _revoke(self, unit: Unit, one: Held) -> None:
        item = unit.item
        holder = f"{USER} {item[USER]}" if item[USER] is not None else f"{GROUP} {item[GROUP]}"
        unit.steps = [Step(REMOVE, f"take the role {item['role']} on {self.target.title} from {holder}", f"{self.target.permissions}/{one.wire['id']}")]
        unit.outcome = Outcome(True, self._told(unit), {}, steps=[{"do": step.do, "says": step.says} for step in unit.steps])
        # Nobody loses access before what replaces it is there.
        unit.after = [other for other in self.draft.units if other is not unit and other.work is not None]

    def _purge(self, listed: set[tuple[str, str]]) -> None:
        unlisted = [one for one in self.listed if (holder_of(one)[1], str(dig(one, "role.id"))) not in listed]
        going = [one for one in held(self.estate, self.target, unlisted) if not one.kept]
        for sort in (USER, GROUP):
            self.names.learn(sort, {one.holder[1] for one in going if one.holder[0] == sort})
        roles = {one["id"]: one["name"] for one in self.estate.once("roles")} if going else {}
        # In an order that says something to people, and is the same in every run.
        named = [(one.holder[0], self.names.of(*one.holder) or one.holder[1], roles.get(one.role) or one.role, one) for one in going]
        for sort, name, role, one in sorted(named, key=lambda item: item[:3]):
            self._revoke(self._unit(sort, name, role, one.wire["id"]), one)

    def _told(self, unit: Unit) -> dict[str, Any]:
        return {name: unit.item[name] for name in (USER, GROUP, "role") if unit.item[name] is not None}

    def _where(self, one: Held) -> str:
        kind, identifier = one.on
        if kind is None:
            return "on what it lies in"
        return "on the system" if kind == SYSTEM else f"on {REFERENCES[kind].words} {self.estate.name_of(kind, identifier or '') or identifier}"


def report(view: View) -> Draft:
    """Permissions by object, or by user or group, or all that anybody has."""
    options, estate, names = view.options, view.estate, Names(view.estate)
    about_object = any(options.get(kind) for kind in (SYSTEM, *TOLD, *UNTOLD))
    principal = find(estate, options) if options.get(USER) or options.get(GROUP) else None
    if principal is not None and principal.id is None:
        return Draft(shows={"permissions": []})
    if about_object:
        target = target_of(estate, options)
        found = held(estate, target, [one for one in estate.list(target.permissions) if principal is None or holder_of(one)[1] == principal.id])
        if not options.get("inherited"):
            found = [one for one in found if not one.inherited]
    else:
        found = list(_of_principals(estate, principal, bool(options.get("inherited")), names))
        target = None
    role = options.get("role")
    roles = {one["id"]: one["name"] for one in estate.once("roles")}
    if role is not None and role not in {*roles, *roles.values()}:
        raise NotFound(f"There is no role {role!r}.", hint="virtops.ovirt.role_info lists them.")
    found = [one for one in found if role in (None, one.role, roles.get(one.role))]
    return Draft(shows={"permissions": _shown(estate, found, roles, target, names)})


def _of_principals(estate: Estate, principal: Principal | None, inherited: bool, names: Names) -> Iterator[Held]:
    """What one user or group has, or everybody."""
    systems = {one["id"] for one in estate.once("permissions")}
    seen: set[str] = set()
    holders: list[tuple[str, str, Wires]] = []
    if principal is not None and principal.id is not None:
        holders.append((principal.sort, principal.id, estate.list(f"{COLLECTIONS[principal.sort]}/{principal.id}/permissions")))
    else:
        for sort, path in COLLECTIONS.items():
            wires = estate.list(path, follow=("permissions",))
            names.note(sort, wires)
            holders += [(sort, wire["id"], dig(wire, "permissions.permission") or []) for wire in wires]
    for _sort, identifier, permissions in holders:
        for one in permissions:
            # The list of a user has those of Everyone and of other groups as well.
            of_a_group = holder_of(one)[1] != identifier
            if one["id"] in seen or of_a_group and not (inherited and principal is not None):
                continue
            seen.add(one["id"])
            on = next(((kind, str(dig(one, f"{kind}.id"))) for kind in TOLD if one.get(kind)), None)
            yield Held(one, on or ((SYSTEM, None) if one["id"] in systems else (None, None)), of_a_group)


def _shown(estate: Estate, found: Sequence[Held], roles: Mapping[str, str], target: Target | None, names: Names) -> list[dict[str, Any]]:
    for sort in (USER, GROUP):
        names.learn(sort, {one.holder[1] for one in found if one.holder[0] == sort})
    objects: dict[str, set[str]] = {}
    for one in found:
        if one.on[0] not in (None, SYSTEM):
            objects.setdefault(str(one.on[0]), set()).add(str(one.on[1]))
    for kind, ids in objects.items():
        if kind in TOLD and len(ids) >= AT_ONCE:
            # One list instead of a request for each.
            estate.load(REFERENCES[kind].path)

    def on(one: Held) -> dict[str, Any]:
        kind, identifier = one.on
        if kind is None or kind == SYSTEM:
            return {"kind": kind, "id": None, "name": kind}
        if target is not None and (kind, identifier) == (target.kind, target.id):
            return target.shown
        return {"kind": kind, "id": identifier, "name": estate.name_of(kind, identifier or "")}

    shown = []
    for one in found:
        sort, identifier = one.holder
        who = {"id": identifier, "name": names.of(sort, identifier)}
        shown.append(
            {
                "id": one.wire["id"],
                USER: who if sort == USER else None,
                GROUP: who if sort == GROUP else None,
                "role": {"id": one.role, "name": roles.get(one.role)},
                "object": on(one),
                "inherited": one.inherited,
            }
        )
    return sorted(shown, key=_order)


def _order(one: Mapping[str, Any]) -> list[str]:
    """By object, then by who has it."""
    return [str(text) for text in (one["object"]["kind"], one["object"]["name"], (one[USER] or one[GROUP])["name"], one["role"]["name"])]


OBJECTS = (
    Bool(SYSTEM, "The system as a whole: what is given here counts for everything."),
    Text("data_center", "Data center, by name or id. Beside O(network), O(vnic_profile) or O(quota), the one that these are looked for in."),
    Text("cluster", "Cluster, by name or id."),
    Text("host", "Host, by name or id."),
    Text("storage_domain", "Storage domain, by name or id."),
    Text("vm", "VM, by name or id."),
    Text("vm_pool", "VM pool, by name or id."),
    Text("template", "Template, by name or id; of several versions the newest."),
    Text("disk", "Disk, by name or id."),
    Text("network", "Logical network, by name or id. Beside O(vnic_profile), the one that its name is looked for in."),
    Text("vnic_profile", "vNIC profile, by name or id."),
    Text("quota", "Quota, by name or id; needs O(data_center)."),
    Text("mac_pool", "MAC pool, by name or id."),
    Text("cpu_profile", "CPU profile, by name or id."),
    Text("disk_profile", "Disk profile, by name or id."),
)
_ROLE = Text("role", "Role, by name (C(UserVmManager)) or id.")

PERMISSION = Operation(
    name="permission",
    summary="Give users and groups roles on objects",
    about=(
        "A user or group has a role on an object, or several have, and all others lose theirs where that is asked for.",
        "Only permissions of the object itself count. What a user may do because of a permission on the cluster or the system stays as it is; "
        "with O(state=absent) a warning says where the role still comes from.",
        "A user or group that the engine does not know yet is looked for in the directory of its authorization domain, and added to the engine.",
        "Whoever or whatever is not there is told for all of them at once, before the first change. Roles are given before others are taken away.",
    ),
    options=(
        *OBJECTS,
        *OPTIONS,
        _ROLE,
        ListOf(
            "permissions",
            "Several permissions of the object, instead of O(user), O(group) and O(role).",
            each=Struct("permission", "", fields=(Text("user", "User, by name or id."), Text("group", "Group, by name or id, instead of the user."),
                                                  Text("role", "Role, by name or id.", needed=True), AUTHZ_NAME, NAMESPACE)),
        ),
        Bool(
            "purge",
            (
                "Whether permissions of the object that O(permissions) does not list are taken away.",
                "Those that it inherits, those of the group Everyone, which the engine gives itself, and the role SuperUser on the system are left alone: "
                "they are taken away by name, with O(state=absent).",
            ),
        ),
    ),
    states=(State("present", "They have it."), State("absent", "They do not.", exists=False)),
    survey=survey,
    returned=(
        Text("kind", "What it is: C(permission), or C(user) and C(group) that are added to the engine."),
        Text("user", "Name of the user."),
        Text("group", "Name of the group."),
        Text("role", "Name of the role."),
    ),
    shows=(
        Struct(
            "object",
            "What the permissions are on.",
            fields=(Text("kind", "Its kind."), Text("id", "Unique identifier; null for the system."), Text("name", "Name.")),
        ),
    ),
    seealso=("permission_info", "role"),
)

_NAMED = (Text("id", "Unique identifier."), Text("name", "Name."))

PERMISSION_INFO = Operation(
    name="permission_info",
    summary="Read who has which role on what",
    about=(
        "Reads the permissions of an object, or those of a user or group on all objects; without any of these, all permissions of everybody.",
        "By user and group the engine does not tell which network, vNIC profile, quota, MAC pool, CPU or disk profile a permission is on; "
        "the members of its C(object) are null then.",
    ),
    options=(
        *OBJECTS,
        *OPTIONS,
        Text("role", "Only permissions with this role, by name or id."),
        Bool("inherited", "Whether those are among them that the object has by what it lies in, or the user by groups."),
    ),
    survey=report,
    shows=(
        ListOf(
            "permissions",
            "The permissions that fit, by object.",
            each=Struct(
                "permission",
                "",
                fields=(
                    Text("id", "Unique identifier."),
                    Struct("user", "User that has it; null for a group.", fields=_NAMED),
                    Struct("group", "Group that has it; null for a user.", fields=_NAMED),
                    Struct("role", "The role.", fields=_NAMED),
                    Struct("object", "What it is on really.", fields=(Text("kind", "Its kind, or V(system); null where the engine does not tell."), *_NAMED)),
                    Bool("inherited", "Whether it is on something else that the object lies in, or of a group."),
                ),
            ),
        ),
    ),
    seealso=("permission", "role_info"),
    reads=True,
)
