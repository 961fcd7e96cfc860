# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every result of the collection's own modules, as Ansible has it, to the file that RECORD_RESULTS names."""
from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Record the results of the collection's modules
description: For the test that compares both ways of running a module.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _record(self, result):
        task = result._task
        if not task.action.startswith("virtops.ovirt."):
            return
        with open(os.environ["RECORD_RESULTS"], "a", encoding="utf-8") as record:
            record.write(json.dumps([task.action, task.get_name(), result._result], default=str) + "\n")

    def v2_runner_on_ok(self, result):
        self._record(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record(result)
