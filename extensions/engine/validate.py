"""Are the members there that the API's model calls mandatory?  In the words of the engine's generated checks."""

from __future__ import annotations

from typing import Any

from . import errors
from .contract.model import Model


REASON = "Input validation failed."
# Of the operations with several signatures only these are checked by them; the engine's other services look for themselves.
SIGNATURES = frozenset((("image_transfers", "add"), ("template", "export"), ("templates", "add"), ("vm", "export")))


def check(model: Model, service: str, operation: str, rep: Any) -> None:
    """Refuse a body that lacks what the operation needs; ``operation`` is its name or the verb of an action.

    A body that is not there at all is an error of its own: named where the operation has mandatory members, else the engine stumbles over it.
    """
    rules = model.operation(service, operation)
    if rules is None:
        return
    action = "action" in rules
    mandatory = _ordered(rules.get("mandatory", ())) if "variants" not in rules else []
    signatures = rules["variants"] if (service, rules["name"]) in SIGNATURES else []
    if rep is None:
        if mandatory or signatures:
            what = next((one["name"] for one in rules["params"] if one.get("in_body")), None)
            raise _invalid("Action is mandatory but was not provided." if action else f"Parameter '{what}' is mandatory but was not provided.")
        raise errors.html(500, "ERROR", "")
    for wanted in mandatory:
        if not any(_given(rep, path, action) for path in wanted.split("|")):
            names = [path.replace("[]", "") for path in wanted.split("|")]
            if len(names) == 1:
                raise _invalid(f"Parameter '{names[0]}' is mandatory but was not provided.")
            raise _invalid(f"Parameters '{names[0]}' or '{names[1]}' are mandatory but both were not provided.")
    if signatures and not any(all(any(_given(rep, path, action) for path in wanted.split("|")) for wanted in one.get("mandatory", ()))
                              for one in signatures):
        raise _invalid("No matching signature found, make sure that mandatory attributes are provided.")


def _invalid(detail: str) -> errors.Answer:
    return errors.fault(400, detail, REASON)


def _ordered(mandatory: list[str]) -> list[str]:
    """The order of the engine's checks: that of the model, but members of the items of one list backwards."""
    found: list[str] = []
    place = 0
    for wanted in mandatory:
        prefix = wanted.rpartition("[]")[0]
        if not prefix or place >= len(found) or found[place].rpartition("[]")[0] != prefix:
            place = len(found)
        found.insert(place, wanted)
    return found


def _given(rep: Any, path: str, action: bool) -> bool:
    """Is there a value at the path?  Of a list the first item counts, as in the engine's checks.

    A path begins with the name of the body; an action's members are named from the action itself.
    """
    value: Any = rep
    for part in path.split(".")[0 if action else 1:]:
        if not isinstance(value, dict):
            return False
        value = value.get(part.replace("[]", ""))
        if part.endswith("[]"):
            if not value:
                return False
            value = value[0]
    return value is not None and value != []
