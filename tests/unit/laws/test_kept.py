# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No option is changed for ever: what the engine does not keep is an error, foretold where it can be known."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request
from samples import SAMPLES
from test_laws import KINDS, built, reference

PLAIN = ("description", "comment", "memory", "warning_low_space", "spm_priority")


def plain_change(kind: str) -> dict[str, Any] | None:
    """A change of the sample that one PUT makes."""
    return next((one for one in SAMPLES[kind].changes if len(one) == 1 and set(one) & set(PLAIN)), None)


class Forgetful:
    """An engine that takes every PUT, and keeps nothing of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def handle(self, request: Request) -> Any:
        return self._engine.handle(request if request.method != "PUT" else Request("GET", request.target, request.headers, b""))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if plain_change(kind)])
def test_what_the_engine_takes_and_does_not_keep_is_an_error_each_time(kind: str) -> None:
    estate, change = built(kind), plain_change(kind)
    assert change is not None
    option = next(iter(change))
    estate.line.engine = Forgetful(estate.engine)  # type: ignore[assignment]
    for _run in (1, 2):
        refused = estate.run(kind, {**reference(kind), **change})
        assert refused["failed"] and f"did not keep all of it: {option} is " in refused["msg"], refused
        assert refused["diff"]["before"] == refused["diff"]["after"] == {}


IGNORED: list[tuple[str, dict[str, Any], str]] = [
    ("cluster", {"migration": {"bandwidth_mbps": 7}}, "migration.bandwidth: custom"),
    ("cluster", {"migration": {"connections": 7}}, "migration.parallel: custom"),
    ("cluster", {"serial_number": {"value": "A1"}}, "serial_number.policy: custom"),
    ("cluster", {"architecture": "ppc64"}, "it follows the CPU type"),
    ("vm", {"migration": {"connections": 7}}, "migration.parallel: custom"),
    ("vm", {"serial_number": {"value": "A1"}}, "serial_number.policy: custom"),
    ("vm", {"cpu": {"mode": "host_model"}}, "which the engine takes for custom"),
    ("vm", {"cpu": {"architecture": "ppc64"}}, "cpu.architecture of VM law"),
    ("vm", {"console": {"usb_type": "native"}}, "console.usb: true"),
    ("vm", {"os": {"boot_devices": []}}, "os.boot_devices is empty, and cannot be."),
    ("vm", {"cluster": ""}, "cluster is empty, and cannot be."),
    ("template", {"cpu": {"mode": "host_model"}}, "which the engine takes for custom"),
    ("vnic_profile", {"migratable": True}, "pass_through: true"),
]


@pytest.mark.parametrize(("kind", "options", "says"), IGNORED)
def test_what_is_known_to_be_ignored_is_refused_before_a_write(kind: str, options: dict[str, Any], says: str) -> None:
    estate = built(kind)
    refused = estate.run(kind, {**reference(kind), **options}, check=True)
    assert refused["failed"] and says in refused["msg"], refused.get("msg", refused["diff"])


KEPT: list[tuple[str, list[dict[str, Any]]]] = [
    ("cluster", [{"migration": {"parallel": "custom", "connections": 4}}, {"migration": {"connections": 5}}]),
    ("cluster", [{"migration": {"bandwidth": "custom", "bandwidth_mbps": 40}}, {"migration": {"bandwidth_mbps": 50}}]),
    ("cluster", [{"log_max_memory_used_threshold": 80}, {"log_max_memory_used_threshold_type": "percentage", "log_max_memory_used_threshold": 70}]),
    ("cluster", [{"rng_sources": ["hwrng"]}, {"rng_sources": []}]),
    ("instance_type", [{"rng": {"source": "urandom", "bytes": 8, "period": 1000}}, {"rng": {"bytes": 16}}, {"rng": {"source": "hwrng"}}]),
    ("template", [{"rng": {"bytes": 7}}]),
    ("vnic_profile", [{"pass_through": True, "migratable": True, "network_filter": "", "port_mirroring": False}]),
    ("vnic_profile", [{"pass_through": True, "network_filter": "", "port_mirroring": False}, {"migratable": True}]),
]


@pytest.mark.parametrize(("kind", "tasks"), KEPT)
def test_what_the_engine_only_takes_together_is_sent_together(kind: str, tasks: list[dict[str, Any]]) -> None:
    estate = built(kind)
    for task in tasks:
        options = {**reference(kind), **task}
        made = estate.run(kind, options)
        assert made["changed"] and not made.get("failed"), made.get("msg")
        assert not estate.made(kind, options)["changed"]
    if kind == "instance_type":
        assert made["after"]["rng"] == {"source": "hwrng", "bytes": 16, "period": 1000}


@pytest.mark.parametrize(("kind", "options"), [
    ("vm", {"cpu": {"mode": "custom"}}),
    ("template", {"cpu": {"mode": "custom"}}),
    ("vm", {"serial_number": {"policy": "none"}}),
    ("cluster", {"scheduling_policy": "", "mac_pool": ""}),
    ("disk", {"quota": ""}),
    ("vm", {"quota": ""}),
])
def test_what_an_engine_leaves_out_is_what_it_means(kind: str, options: dict[str, Any]) -> None:
    estate = built(kind)
    assert not estate.made(kind, {**reference(kind), **options})["changed"]


def test_a_host_s_processor_is_given_up_again() -> None:
    estate = built("vm")
    for mode in ("host_passthrough", "custom"):
        task = {**reference("vm"), "cpu": {"mode": mode}}
        assert estate.made("vm", task)["changed"] and not estate.made("vm", task)["changed"]


def test_hardware_of_an_instance_type_cannot_be_had_otherwise() -> None:
    estate = built("vm")
    estate.made("instance_type", {"name": "small", "memory": "512MiB", "cpu": {"sockets": 2}})
    own = {"name": "typed", "cluster": "stage", "instance_type": "small"}
    for options in ({"memory": "2GiB"}, {"cpu": {"sockets": 4}}):
        refused = estate.run("vm", {**own, **options}, check=True)
        assert f"of VM typed comes from its instance type small: {512 * 1024 ** 2 if 'memory' in options else 2}, not" in refused["msg"], refused
    same = {**own, "memory": "512MiB"}
    assert estate.made("vm", same)["changed"] and not estate.made("vm", same)["changed"]
    refused = estate.run("vm", {"name": "typed", "memory": "2GiB"}, check=True)
    assert "Leave memory out, change it in the instance type, or take the type away with instance_type: ''." in refused["msg"]
    free = {"name": "typed", "memory": "2GiB", "instance_type": ""}
    assert estate.made("vm", free)["after"]["memory"] == 2 * 1024 ** 3 and not estate.made("vm", free)["changed"]
