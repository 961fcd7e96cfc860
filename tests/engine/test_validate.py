# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of mandatory members, and what paths of the API lead to."""
from __future__ import annotations

import pytest
from ansible_collections.virtops.ovirt.extensions.engine import errors, validate
from ansible_collections.virtops.ovirt.extensions.engine.contract.model import Model

MODEL = Model.load()


@pytest.mark.parametrize(("service", "operation", "body", "detail"), [
    ("tags", "add", {}, "Parameter 'tag.name' is mandatory but was not provided."),
    ("tags", "add", None, "Parameter 'tag' is mandatory but was not provided."),
    ("clusters", "add", {}, "Parameter 'cluster.name' is mandatory but was not provided."),
    ("clusters", "add", {"name": "c", "data_center": {}},
     "Parameters 'cluster.data_center.id' or 'cluster.data_center.name' are mandatory but both were not provided."),
    ("mac_pools", "add", {"name": "m"}, "Parameter 'pool.ranges.to' is mandatory but was not provided."),
    ("mac_pools", "add", {"name": "m", "ranges": []}, "Parameter 'pool.ranges.to' is mandatory but was not provided."),
    ("mac_pools", "add", {"name": "m", "ranges": [{"to": "x"}]}, "Parameter 'pool.ranges.from' is mandatory but was not provided."),
    ("gluster_volumes", "add", {"name": "v", "volume_type": "distribute", "bricks": [{"server_id": "x"}]},
     "Parameter 'volume.bricks.brick_dir' is mandatory but was not provided."),
    ("vm", "previewsnapshot", {}, "Parameter 'snapshot.id' is mandatory but was not provided."),
    ("disk", "convert", {}, "Parameters 'disk.format' or 'disk.sparse' are mandatory but both were not provided."),
    ("vm", "export", {}, "No matching signature found, make sure that mandatory attributes are provided."),
    ("vm", "clone", None, "Action is mandatory but was not provided."),
])
def test_what_is_missing(service, operation, body, detail):
    with pytest.raises(errors.Answer) as refusal:
        validate.check(MODEL, service, operation, body)
    assert (refusal.value.status, refusal.value.kind, refusal.value.reason, refusal.value.detail) == (400, "fault", "Input validation failed.", detail)


@pytest.mark.parametrize(("service", "operation", "body"), [
    ("tags", "add", {"name": ""}), ("hosts", "add", {}), ("disks", "add", {}), ("disk", "move", {"storage_domain": {"name": "x"}}),
    ("vm", "export", {"host": {"id": "x"}, "directory": "/x"}), ("disk", "convert", {"disk": {"sparse": False}}),
    ("cluster", "update", {}), ("vm", "start", {}),
])
def test_what_is_enough(service, operation, body):
    assert validate.check(MODEL, service, operation, body) is None


def test_an_action_without_a_body_is_a_page():
    with pytest.raises(errors.Answer) as refusal:
        validate.check(MODEL, "vm", "start", None)
    assert (refusal.value.status, refusal.value.kind) == (500, "html")


@pytest.mark.parametrize(("path", "place"), [
    ("", ("system", {}, "collection")), ("vms", ("vms", {}, "collection")), ("vms/1", ("vm", {"vm_id": "1"}, "item")),
    ("vms/1/start", ("vm", {"vm_id": "1"}, "start")), ("events/undelete", ("events", {}, "undelete")),
    ("datacenters/1/clusters/2/networks/3", ("cluster_network", {"data_center_id": "1", "cluster_id": "2", "network_id": "3"}, "item")),
    ("vms/1/disks", None), ("nosuch", None), ("vms/1/nosuch", None), ("DataCenters", None),
])
def test_paths(path, place):
    assert MODEL.match([part for part in path.split("/") if part]) == place
