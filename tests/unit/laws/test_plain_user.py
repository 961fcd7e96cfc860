# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays of users who are no administrators: they work as far as their roles go, and say which permission is missing."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.extensions.engine import estate as estates
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.inventory import Wish, read
from in_process import Estate

NOT_AUTHORIZED = "User is not authorized to perform this action."


@pytest.fixture(scope="module")
def estate() -> Estate:
    """The demo estate; the plain user has a role on a VM, and may make machines in the cluster."""
    made = Estate()
    estates.build(made.engine, "demo")
    with made.plain():
        stranger = made.info("vm", {})
    assert stranger["failed"] and "A user without any role on the engine is not let in either." in stranger["msg"]
    for where in ({"vm": "spare1", "role": "UserRole"}, {"cluster": "demo", "role": "PowerUserRole"}, {"storage_domain": "demo-fast", "role": "DiskCreator"}):
        made.operate("permission", {"user": "plain@internal-authz", **where})
    return made


def told(result: dict[str, Any]) -> tuple[bool, bool]:
    return result.get("failed", False), result.get("changed", False)


def test_they_see_their_vms_alone(estate: Estate) -> None:
    with estate.plain():
        assert [vm["name"] for vm in estate.info("vm", {})["vms"]] == ["spare1"]
        with estate.client() as client:
            assert [vm["name"] for vm in read(client, Wish()).vms.values()] == ["spare1"]


def test_what_the_role_permits_is_done_once(estate: Estate) -> None:
    with estate.plain():
        for state in ("running", "stopped"):
            assert told(estate.run("vm", {"name": "spare1", "state": state})) == (False, True)
            assert told(estate.run("vm", {"name": "spare1", "state": state})) == (False, False)


def test_a_refusal_names_the_object_the_user_and_the_engines_reason(estate: Estate) -> None:
    with estate.plain():
        refused = estate.run("vm", {"name": "spare1", "description": "mine"})
    assert told(refused) == (True, False)
    assert "Could not change description of VM spare1: " + NOT_AUTHORIZED in refused["msg"] and "Give plain@internal a role" in refused["msg"]


def test_what_is_for_administrators_alone_is_said_so(estate: Estate) -> None:
    with estate.plain():
        refused = estate.info("tag", {})
    assert "query execution failed due to insufficient permissions." in refused["msg"] and "plain@internal needs a role for them" in refused["msg"]


def test_who_may_make_a_vm_has_it(estate: Estate) -> None:
    wish = {
        "name": "mine",
        "cluster": "demo",
        "template": "Blank",
        "memory": "1GiB",
        "disks": [{"name": "mine-system", "size": "1GiB", "storage_domain": "demo-fast", "bootable": True}],
        "state": "running",
    }
    with estate.plain():
        assert told(estate.run("vm", wish)) == (False, True)
        assert told(estate.run("vm", wish)) == (False, False)
        assert told(estate.run("vm", {"name": "mine", "state": "absent", "remove_disks": True, "force": True})) == (False, True)


def test_a_reading_administrator_reads_everything_and_changes_nothing(estate: Estate) -> None:
    given = {"system": True, "user": "plain@internal-authz", "role": "ReadOnlyAdmin"}
    assert told(estate.operate("permission", given)) == (False, True)
    try:
        with estate.plain():
            assert len(estate.info("vm", {})["vms"]) == 4
            assert not estate.info("host", {}).get("failed") and not estate.info("tag", {}).get("failed")
            refused = estate.run("tag", {"name": "t"})
        assert "Could not create tag t: " + NOT_AUTHORIZED in refused["msg"]
    finally:
        estate.operate("permission", {**given, "state": "absent"})
