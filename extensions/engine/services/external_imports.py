"""/externalvmimports and /externaltemplateimports: what lies on other hypervisors.

No other hypervisor can be reached from here, so an import that is complete ends as it does for a machine that is not there.  Names in it are looked up
before, ids are not.
"""

from __future__ import annotations

from .. import errors
from .base import Collection


def needed(body, *names):
    """Members that a body lacks, in the words of the completeness check; those with ``.`` are references by id or name."""
    found = []
    for name in names:
        if name.endswith("."):
            member = name[:-1]
            reference = body.get(member) or {}
            if not (reference.get("id") or reference.get("name")):
                head, *tail = member.split("_")
                found.append(f"{head}{''.join(part.capitalize() for part in tail)}.id|name")
        elif not body.get(name):
            found.append(name)
    return found


class ExternalVmImports(Collection):
    type = "external_vm_import"
    paths = ("externalvmimports",)
    complete: tuple[str, ...] = ("provider", "url", "name", "cluster.", "storage_domain.")
    nothing = "Desktop does not exist"

    def add(self, ctx, body, parents):
        absent = needed(body, *self.complete)
        if absent:
            raise errors.incomplete("".join(part.capitalize() for part in self.type.split("_")), absent, "add")
        for member, table in (("cluster", "cluster"), ("host", "host"), ("storage_domain", "storage_domain")):
            reference = body.get(member) or {}
            if reference.get("id") is None and reference.get("name") is not None and ctx.table(table).named(reference["name"]) is None:
                raise errors.not_found()
        raise errors.refused(400, self.nothing)


class ExternalTemplateImports(ExternalVmImports):
    type = "external_template_import"
    paths = ("externaltemplateimports",)
    complete = ("url", "host.", "cluster.", "storage_domain.")
    nothing = "Internal Engine Error"
