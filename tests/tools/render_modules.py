# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the modules of the catalogues: plugins/modules/KIND.py and KIND_info.py for a kind, plugins/modules/NAME.py for an operation.

    make modules [ARGS="[--check] [NAME ...]"]

DOCUMENTATION and RETURN come from the declaration; EXAMPLES are written by hand in the file and kept, except those of info modules of kinds.
The action group in meta/runtime.yml is checked, not written. With --check nothing is written, and the exit is 1 when a file is not up to date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import workspace
import yaml

sys.path.insert(0, str(workspace.tree()))

# pylint: disable=wrong-import-position
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import info_spec, state_spec  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Operation  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, ListOf, Size, Struct  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES  # noqa: E402
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource  # noqa: E402

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
HEAD = '''#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
'''
FILE = HEAD + '''from __future__ import annotations

DOCUMENTATION = r"""
{documentation}"""

EXAMPLES = r"""
{examples}"""

RETURN = r"""
{returned}"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import {run}
from ansible_collections.virtops.ovirt.plugins.module_utils.{floor}.{kind} import {constant}


def main() -> None:
    {run}({constant})


if __name__ == "__main__":
    main()
'''
UNITS = "With a unit, such as V(10GiB); a bare number is bytes."


STEPS = {
    "description": ["What was asked of the engine, in order; or would be in check mode."],
    "returned": "always",
    "type": "list",
    "elements": "dict",
    "contains": {
        "do": {"description": ["One of V(create), V(update), V(remove) and V(act)."], "returned": "always", "type": "str"},
        "says": {"description": ["The step in words."], "returned": "always", "type": "str"},
        "correlation_id": {"description": ["Under it the engine keeps jobs and events of the step."], "returned": "when it was sent", "type": "str"},
        "job": {"description": ["The engine's job of the step, where the answer named one."], "returned": "when it was sent", "type": "str"},
        "settled": {"description": ["Whether its end was waited for."], "returned": "when it was sent", "type": "bool"},
    },
}


AFTER_HEADER = {
    "description": ["How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them."],
    "returned": "when there is any of it",
    "type": "str",
}
HANDLES = {
    "description": ["What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false)."],
    "returned": "always",
    "type": "list",
    "elements": "str",
}


class Dumper(yaml.SafeDumper):
    """Lists indented below their key, as Ansible's own documentation has them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(data: Any) -> str:
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, width=150, allow_unicode=True)


def paragraphs(doc: str | Sequence[str]) -> list[str]:
    return [doc] if isinstance(doc, str) else list(doc)


def option_doc(item: Field) -> dict[str, Any]:
    """The documentation of one option, in step with its argument spec."""
    spec = item.spec()
    inner = item.each if isinstance(item, ListOf) else item
    description = paragraphs(item.doc)
    if isinstance(inner, Size):
        description = [*description, UNITS]
    if item.needed:
        description = [*description, "Needed to create it."]
    if item.fixed:
        description = [*description, "Cannot be changed later."]
    doc: dict[str, Any] = {"description": description, "type": spec["type"]}
    for key in ("elements", "choices", "aliases"):
        if key in spec:
            doc[key] = spec[key]
    if isinstance(inner, Struct):
        doc["suboptions"] = {part.option: option_doc(part) for part in inner.fields if not part.read_only}
        for part in inner.fields:
            if part.needed:
                doc["suboptions"][part.option]["description"].remove("Needed to create it.")
    return doc


def returned_doc(item: Field) -> dict[str, Any]:
    """The documentation of one key of the result."""
    shape = item.shape()
    doc: dict[str, Any] = {"description": paragraphs(item.doc)[:1], "returned": "success", "type": shape["type"]}
    if "elements" in shape:
        doc["elements"] = shape["elements"]
    if shape.get("fields"):
        doc["contains"] = {part.option: returned_doc(part) for part in shape["fields"]}
    return doc


def contains(resource: Resource) -> dict[str, Any]:
    doc = {"id": {"description": [f"Unique identifier of the {resource.words}."], "returned": "success", "type": "str"}}
    return {**doc, **{item.option: returned_doc(item) for item in resource.fields if not item.write_only}}


def parents(resource: Resource) -> dict[str, Any]:
    return {
        under.option: {
            "description": [under.doc or f"{REFERENCES[under.to].words} that the {resource.words} belongs to, by name or id."],
            "type": "str",
        }
        for under in resource.under
    }


def several_options(resource: Resource) -> dict[str, Any]:
    """Options of a kind of which a task may mean several objects."""
    many, words, by = resource.many, resource.words, resource.identity.by
    return {
        many: {
            "description": [
                f"Several {words}s, by {by} or id, instead of O({by}). The other options are the same for each, and RV(results) has what became of each.",
                f"All of them are looked at before the first request that writes. A {by} that there is not yet is made, as with O({by}).",
            ],
            "type": "list",
            "elements": "str",
        },
        "search": {
            "description": [
                f"Several {words}s, by a query in the search language of the engine, such as V(tag=batch and status=down); alone or beside O({many}).",
                f"That no {words} fits is no error; RV(msg) says so.",
            ],
            "type": "str",
        },
        "at_once": {"description": [f"With O({many}) or O(search), how many are worked on at a time."], "type": "int", "default": 4},
        "on_failure": {
            "description": [
                f"With O({many}) or O(search), what happens to the rest when the work on one fails. "
                "In both cases the task fails at the end, with the list of what failed and why.",
                "V(stop) finishes what is under way and begins nothing more.",
                "V(go_on) does the rest.",
            ],
            "type": "str",
            "choices": ["stop", "go_on"],
            "default": "stop",
        },
    }


def state_documentation(resource: Resource) -> dict[str, Any]:
    states = [f"V({state.name}): {state.doc}" for state in resource.states]
    by = resource.identity.by
    options: dict[str, Any] = {
        "id": {
            "description": [f"Unique identifier of the {resource.words}, instead of O({by}). With both, the {resource.words} gets that {by}."],
            "type": "str",
        },
        **(several_options(resource) if resource.several else {}),
        **parents(resource),
        **{item.option: option_doc(item) for item in resource.options},
        "state": {
            "description": [f"What the {resource.words} is to be.", *states],
            "type": "str",
            "choices": [state.name for state in resource.states],
            "default": resource.states[0].name,
        },
    }
    return {
        "module": resource.kind,
        "short_description": resource.summary,
        "version_added": "1.0.0",
        "description": list(resource.about) or [resource.summary + "."],
        "author": ["virtops.ovirt contributors (@virtops)"],
        "options": options,
        **({"notes": list(resource.notes)} if resource.notes else {}),
        "extends_documentation_fragment": ["virtops.ovirt.engine", "virtops.ovirt.changes", "virtops.ovirt.attributes"],
        "seealso": [{"module": f"virtops.ovirt.{resource.kind}_info"}],
    }


NOTHING_FITS = {"description": ["That nothing fits the search."], "returned": "when nothing does", "type": "str"}


def state_returned(resource: Resource) -> dict[str, Any]:
    words, kind = resource.words, resource.kind
    return {
        "id": {"description": [f"Unique identifier of the {words}. Null when there is none."], "returned": "success", "type": "str"},
        kind: {
            "description": [f"The {words} as it is after the task, or would be in check mode. Empty when there is none."],
            "returned": "success",
            "type": "dict",
            "contains": contains(resource),
        },
        "before": {
            "description": [f"The {words} as it was before, with the keys of RV({kind}). Empty when there was none."],
            "returned": "always",
            "type": "dict",
        },
        "after": {"description": [f"The same as RV({kind})."], "returned": "always", "type": "dict"},
        "diff": {
            "description": ["What changes, and nothing else."],
            "returned": "always",
            "type": "dict",
            "contains": {
                "before": {"description": ["Options that change, as they were."], "returned": "always", "type": "dict"},
                "after": {"description": ["The same options as they are now."], "returned": "always", "type": "dict"},
                "after_header": AFTER_HEADER,
            },
        },
        "steps": STEPS,
        "effects": {
            "description": [
                "For each changed option of something that runs, how the change reaches it: V(live), V(hotplug), V(next_run) or V(needs_down)."
            ],
            "returned": "always",
            "type": "dict",
        },
        "correlation_id": {"description": ["That of the last step."], "returned": "success", "type": "str"},
        "job": {"description": ["The engine's job of the last step, where its answer named one."], "returned": "success", "type": "str"},
        **(several_returned(resource) if resource.several else {}),
    }


def several_returned(resource: Resource) -> dict[str, Any]:
    many, words, kind = resource.many, resource.words, resource.kind
    when = f"with O({many}) or O(search)"
    return {
        "results": {
            "description": [
                f"One for each {words}: its C(id) and C({resource.identity.by}), and C(changed), C(before), C(after), C(steps), C(effects), C({kind}), "
                "C(correlation_id) and C(job) as they are for a single one, but C(before) and C(after) cut down to what changes.",
                "One on which the work failed has C(failed) and C(msg); one that was not begun has C(skipped).",
            ],
            "returned": when,
            "type": "list",
            "elements": "dict",
        },
        "handles": {**HANDLES, "returned": when},
        "msg": NOTHING_FITS,
    }


def info_documentation(resource: Resource) -> dict[str, Any]:
    many, by = f"{resource.words}s", resource.identity.by
    options: dict[str, Any] = {
        "id": {"description": [f"Unique identifiers of the {many} to read."], "type": "list", "elements": "str"},
        by: {
            "description": [f"{by.capitalize()}s of the {many} to read. One that does not exist adds nothing to the list."],
            "type": "list",
            "elements": "str",
        },
        **parents(resource),
    }
    if "search" in info_spec(resource):
        options["search"] = {"description": ["Query in the search language of the engine, such as V(name=prod* sortby name asc)."], "type": "str"}
    shown = {item.option for item in resource.fields if not item.write_only}
    options["fields"] = {
        "description": [
            f"Members of the result to read, besides C(id) and C({by}); all of them when it is left out.",
            *(
                [
                    f"Of many {many}, reading only what is needed is much faster: they come in one list.",
                    "Each of them is read by itself with any of "
                    f"{', '.join(f'V({name})' for name in sorted({one.partition('.')[0] for one in resource.unlisted} & shown))}.",
                ]
                if resource.unlisted
                else []
            ),
        ],
        "type": "list",
        "elements": "str",
    }
    return {
        "module": f"{resource.kind}_info",
        "short_description": f"Read {many}",
        "version_added": "1.0.0",
        "description": [f"Reads {many} in the same shape that M(virtops.ovirt.{resource.kind}) returns."],
        "author": ["virtops.ovirt contributors (@virtops)"],
        "options": options,
        "extends_documentation_fragment": ["virtops.ovirt.engine", "virtops.ovirt.attributes.info"],
        "seealso": [{"module": f"virtops.ovirt.{resource.kind}"}],
    }


def info_returned(resource: Resource) -> dict[str, Any]:
    return {
        resource.many: {
            "description": [f"The {resource.words}s that fit; an empty list when there is none."],
            "returned": "success",
            "type": "list",
            "elements": "dict",
            "contains": contains(resource),
        },
        **({"msg": NOTHING_FITS} if "search" in info_spec(resource) else {}),
    }


def without_options(doc: Any) -> Any:
    """Options of the state module as plain code: the module that only reads has none of that name."""
    if isinstance(doc, dict):
        return {name: without_options(value) for name, value in doc.items()}
    if isinstance(doc, list):
        return [without_options(value) for value in doc]
    return re.sub(r"O\(([^)#]*)\)", r"C(\1)", doc) if isinstance(doc, str) else doc


def info_examples(resource: Resource) -> str:
    name, many, by = f"virtops.ovirt.{resource.kind}_info", f"{resource.words}s", resource.identity.by
    inside = {resource.under[0].option: f"my-{resource.under[0].option}"} if resource.under else {}
    tasks: list[dict[str, Any]] = [
        {"name": f"Read every {resource.words}", name: inside},
        {"name": f"Read one {resource.words} by its {by}", name: {**inside, by: f"my-{resource.kind.replace('_', '-')}"}, "register": "found"},
        {
            "name": "Show what it is",
            "ansible.builtin.debug": {"var": f"found.{resource.many}[0]"},
            "when": f"found.{resource.many} | length > 0",
        },
    ]
    if "search" in info_spec(resource):
        tasks.append({"name": f"Read {many} with a query", name: {"search": "name=my-* sortby name asc"}})
    return "---\n" + "\n".join(as_yaml([task]).replace(": {}\n", ":\n") for task in tasks)


def kept_examples(path: Path) -> str:
    match = re.search(r'^EXAMPLES = r"""\n(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE) if path.exists() else None
    return match[1] if match else "---\n"


def operation_documentation(operation: Operation) -> dict[str, Any]:
    options = {item.option: option_doc(replace(item, needed=False)) for item in operation.options}
    for item in operation.options:
        if item.needed:
            options[item.option]["required"] = True
        if item.option in operation.defaults:
            options[item.option]["default"] = operation.defaults[item.option]
    if operation.states:
        options["state"] = {
            "description": ["What is to be.", *(f"V({state.name}): {state.doc}" for state in operation.states)],
            "type": "str",
            "choices": [state.name for state in operation.states],
            "default": operation.states[0].name,
        }
    fragments = ["virtops.ovirt.attributes.info"] if operation.reads else ["virtops.ovirt.operation", "virtops.ovirt.attributes"]
    return {
        "module": operation.name,
        "short_description": operation.summary,
        "version_added": "1.0.0",
        "description": list(operation.about) or [operation.summary + "."],
        "author": ["virtops.ovirt contributors (@virtops)"],
        "options": options,
        **({"notes": list(operation.notes)} if operation.notes else {}),
        "extends_documentation_fragment": ["virtops.ovirt.engine", *fragments],
        **({"seealso": [{"module": f"virtops.ovirt.{name}"} for name in operation.seealso]} if operation.seealso else {}),
    }


def operation_returned(operation: Operation) -> dict[str, Any]:
    shows = {item.option: returned_doc(item) for item in operation.shows}
    if operation.reads:
        return shows
    result = {
        "id": {"description": ["Unique identifier of the object."], "returned": "always", "type": "str"},
        "changed": {"description": ["Whether something was asked of the engine for it; or would be in check mode."], "returned": "always", "type": "bool"},
        "before": {"description": ["What changes of it, as it was."], "returned": "always", "type": "dict"},
        "after": {"description": ["The same as it is now, or would be in check mode."], "returned": "always", "type": "dict"},
        "steps": STEPS,
        "failed": {"description": ["Whether the work on it failed."], "returned": "when it failed", "type": "bool"},
        "skipped": {"description": ["That it was not begun, because another one failed."], "returned": "when it was not begun", "type": "bool"},
        "msg": {"description": ["Why."], "returned": "when it failed or was not begun", "type": "str"},
        **{item.option: returned_doc(item) for item in operation.returned},
    }
    return {
        "results": {"description": ["One for each object."], "returned": "always", "type": "list", "elements": "dict", "contains": result},
        "handles": HANDLES,
        **shows,
        "diff": {
            "description": ["What changes, and nothing else, by object."],
            "returned": "always",
            "type": "dict",
            "contains": {
                "before": {"description": ["Members that change, as they were."], "returned": "always", "type": "dict"},
                "after": {"description": ["The same members as they will be."], "returned": "always", "type": "dict"},
                "after_header": AFTER_HEADER,
            },
        },
    }


def rendered_operation(operation: Operation) -> dict[Path, str]:
    path = MODULES / f"{operation.name}.py"
    return {
        path: FILE.format(
            run="run_operation_module",
            documentation=as_yaml(operation_documentation(operation)),
            examples=kept_examples(path),
            returned=as_yaml(operation_returned(operation)),
            floor="_operations",
            kind=operation.name.removesuffix("_info"),
            constant=operation.name.upper(),
        )
    }


def rendered(resource: Resource) -> dict[Path, str]:
    state, info = MODULES / f"{resource.kind}.py", MODULES / f"{resource.kind}_info.py"
    common = {"floor": "_resources", "kind": resource.kind, "constant": resource.kind.upper()}
    documentation = state_documentation(resource)
    known = {*documentation["options"], "wait", "timeout", "engine"}
    assert known == set(state_spec(resource)), f"{resource.kind}: {known ^ set(state_spec(resource))}"
    return {
        state: FILE.format(
            run="run_state_module",
            documentation=as_yaml(documentation),
            examples=kept_examples(state),
            returned=as_yaml(state_returned(resource)),
            **common,
        ),
        info: FILE.format(
            run="run_info_module",
            documentation=as_yaml(info_documentation(resource)),
            examples=info_examples(resource),
            returned=as_yaml(without_options(info_returned(resource))),
            **common,
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is not up to date")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all of the catalogues when none is given")
    arguments = parser.parse_args()
    stale = []
    for name in arguments.names or (*CATALOGUE, *OPERATIONS):
        files = rendered_operation(OPERATIONS[name]) if name in OPERATIONS else rendered(CATALOGUE[name])
        for path, text in files.items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(path.name)
            if not arguments.check:
                path.write_text(text, encoding="utf-8")
    if stale:
        print(f"{'not up to date' if arguments.check else 'written'}: {', '.join(stale)}")
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
