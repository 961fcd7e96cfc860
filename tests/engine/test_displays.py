"""Consoles and video devices, as a real engine of 4.5.8 answered: which pairs it makes, keeps, and refuses."""

from __future__ import annotations

import json

import pytest

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.estate import Builder, build
from ansible_collections.virtops.ovirt.extensions.engine.http import Request

NOT_SUPPORTED = "Selected display type is not supported by the operating system."
NOT_BY_FIRMWARE = "Selected display type is not supported by the firmware."
TWICE = "One VM can not contain more than one device with the same graphics type."


class Lab:
    """A client of an estate that has what machines need."""

    def __init__(self):
        self.engine = Engine(password="secret", speed=0, seed=1)
        build(self.engine, "demo")
        self.headers = Builder(self.engine).headers
        self.made = 0

    def ask(self, method, path, body=None):
        answer = self.engine.handle(Request(method, f"/ovirt-engine/api/{path}", dict(self.headers), b"" if body is None else json.dumps(body).encode()))
        self.engine.advance(10)
        return answer.status, json.loads(answer.body) if answer.body else None

    def vm(self, display=None, **more):
        self.made += 1
        body = {"name": f"vm{self.made}", "cluster": {"name": "demo"}, "template": {"name": "Blank"}, **more, **({"display": display} if display else {})}
        return self.ask("POST", "vms", body)

    def made_vm(self, display=None, **more):
        status, vm = self.vm(display, **more)
        assert status == 201, vm
        return vm["id"]

    def refused(self, answer, text, verb):
        status, body = answer
        assert status == 400 and body.get("fault", body)["detail"] == f"[Cannot {verb} VM. {text}]", answer

    def display(self, vm):
        """The consoles and the video device."""
        found = self.ask("GET", f"vms/{vm}")[1].get("display") or {}
        consoles = self.ask("GET", f"vms/{vm}/graphicsconsoles")[1].get("graphics_console") or []
        return sorted(one["protocol"] for one in consoles), found.get("video_type")

    def change(self, vm, **body):
        return self.ask("PUT", f"vms/{vm}", body)


@pytest.fixture(scope="module")
def lab():
    made = Lab()
    yield made
    made.engine.close()


def test_a_type_brings_its_video_device(lab):
    vm = lab.made_vm({"type": "spice"})
    assert lab.display(vm) == (["spice"], "qxl")
    assert lab.change(vm, description="x")[0] == 200


def test_a_console_by_itself_leaves_the_video_device_and_every_later_edit_is_refused(lab):
    vm = lab.made_vm()
    assert lab.ask("POST", f"vms/{vm}/graphicsconsoles", {"protocol": "spice"})[0] == 201
    lab.refused(lab.change(vm, description="x"), NOT_SUPPORTED, "edit")
    assert lab.ask("DELETE", f"vms/{vm}/graphicsconsoles/766e63")[0] == 200
    assert lab.display(vm) == (["spice"], "vga")
    lab.refused(lab.change(vm, description="x"), NOT_SUPPORTED, "edit")
    assert lab.change(vm, description="x", display={"type": "spice"})[0] == 200 and lab.display(vm) == (["spice"], "qxl")


def test_it_does_not_start_either(lab):
    vm = lab.made_vm(os={"boot": {"devices": {"device": ["cdrom"]}}})
    assert lab.ask("POST", f"vms/{vm}/graphicsconsoles", {"protocol": "spice"})[0] == 201
    lab.refused(lab.ask("POST", f"vms/{vm}/start", {}), NOT_SUPPORTED, "run")


def test_a_new_machine_has_the_video_device_of_its_template_and_the_console_of_what_was_asked_for(lab):
    lab.refused(lab.vm({"video_type": "qxl"}), NOT_SUPPORTED, "add")
    assert lab.display(lab.made_vm({"video_type": "bochs"})) == (["vnc"], "vga")
    assert lab.display(lab.made_vm({"video_type": "qxl", "type": "vnc"})) == (["spice"], "qxl")


def test_a_change_of_the_video_device_changes_the_consoles(lab):
    vm = lab.made_vm()
    assert lab.display(vm) == (["vnc"], "vga")
    assert lab.change(vm, display={"video_type": "qxl"})[0] == 200 and lab.display(vm) == (["spice"], "qxl")
    assert lab.change(vm, display={"video_type": "vga"})[0] == 200 and lab.display(vm) == (["vnc"], "vga")
    assert lab.change(vm, display={"type": "spice"})[0] == 200 and lab.display(vm) == (["spice"], "qxl")


def test_bochs_needs_the_firmware(lab):
    vm = lab.made_vm(bios={"type": "q35_sea_bios"})
    lab.refused(lab.change(vm, display={"video_type": "bochs"}), NOT_BY_FIRMWARE, "edit")
    modern = lab.made_vm(bios={"type": "q35_ovmf"})
    assert lab.change(modern, display={"video_type": "bochs"})[0] == 200 and lab.display(modern) == (["vnc"], "bochs")


def test_a_second_console_of_a_kind_is_refused(lab):
    status, body = lab.ask("POST", f"vms/{lab.made_vm()}/graphicsconsoles", {"protocol": "vnc"})
    assert status == 400 and TWICE in body["detail"]


def test_a_headless_machine_can_be_edited_and_gets_vga_with_its_next_console(lab):
    vm = lab.made_vm()
    assert lab.ask("DELETE", f"vms/{vm}/graphicsconsoles/766e63")[0] == 200 and lab.display(vm) == ([], None)
    assert lab.change(vm, description="x")[0] == 200
    assert lab.ask("POST", f"vms/{vm}/graphicsconsoles", {"protocol": "vnc"})[0] == 201 and lab.display(vm) == (["vnc"], "vga")
    assert lab.ask("DELETE", f"vms/{vm}/graphicsconsoles/766e63")[0] == 200
    assert lab.change(vm, display={"type": "spice"})[0] == 200 and lab.display(vm) == (["spice"], "qxl")


def test_a_template_takes_the_type_alone(lab):
    _status, template = lab.ask("POST", "templates", {"name": "golden", "vm": {"id": lab.made_vm()}})
    lab.engine.advance(60)
    status, body = lab.ask("PUT", f"templates/{template['id']}", {"display": {"video_type": "qxl"}})
    assert status == 400 and NOT_SUPPORTED in body["detail"]
    assert lab.ask("PUT", f"templates/{template['id']}", {"display": {"type": "spice"}})[1]["display"]["video_type"] == "qxl"
