# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A view of a run for the person who watches it: one line for each object."""
from __future__ import annotations

DOCUMENTATION = """
name: progress
type: stdout
short_description: One line for each task or item
description:
  - Prints what each task did and how long it took; failures with their message.
options:
  recap_file:
    description: A file to write the counts of the run to, as JSON.
    type: path
    env:
      - name: PROGRESS_RECAP_FILE
requirements:
  - Set as stdout callback.
"""

import json
import sys
import time

from ansible.plugins.callback import CallbackBase
from ansible import constants as C

MARKS = {"changed": ("+", C.COLOR_CHANGED), "ok": ("=", C.COLOR_OK), "skipped": ("-", C.COLOR_SKIP), "failed": ("!", C.COLOR_ERROR)}


class CallbackModule(CallbackBase):
    """Counts are of results, so that the items of a loop count one by one."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "progress"

    def __init__(self):
        super().__init__()
        self._started = time.monotonic()
        self._since = self._started
        self._counts = dict.fromkeys(MARKS, 0)
        self._live = sys.stdout.isatty()

    def _line(self, kind, name):
        now = time.monotonic()
        mark, color = MARKS[kind]
        seconds = now - self._since
        self._since = now
        self._counts[kind] += 1
        self._wipe()
        self._display.display(f"  {mark} {kind:<7} {name:<72} {seconds:5.1f} s", color=color)

    def _wipe(self):
        if self._live:
            sys.stdout.write("\r\033[K")

    def _waiting_for(self, name):
        if self._live:
            sys.stdout.write(f"\r\033[K  . {name[:100]}")
            sys.stdout.flush()

    @staticmethod
    def _kind(result):
        data = result._result
        return "skipped" if data.get("skipped") else "changed" if data.get("changed") else "ok"

    def _name(self, result):
        return result._task.get_name()

    def v2_playbook_on_play_start(self, play):
        self._since = time.monotonic()
        self._display.display(f"\n{play.get_name()}")

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._waiting_for(task.get_name())

    def v2_runner_on_ok(self, result):
        if "results" not in result._result or not result._task.loop:
            self._line(self._kind(result), self._name(result))
            self._handle_warnings(result._result)

    def v2_runner_on_skipped(self, result):
        if not result._task.loop:
            self._line("skipped", self._name(result))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if not result._task.loop:
            self._failure(result, self._name(result))

    def v2_runner_on_unreachable(self, result):
        self._failure(result, self._name(result))

    def v2_runner_item_on_ok(self, result):
        self._line(self._kind(result), f"{self._name(result)}: {self._get_item_label(result._result)}")

    def v2_runner_item_on_skipped(self, result):
        self._line("skipped", f"{self._name(result)}: {self._get_item_label(result._result)}")

    def v2_runner_item_on_failed(self, result):
        self._failure(result, f"{self._name(result)}: {self._get_item_label(result._result)}")

    def _failure(self, result, name):
        self._line("failed", name)
        self._display.display(f"    {result._result.get('msg', 'It failed without a message.')}", color=C.COLOR_ERROR, stderr=True)

    def v2_playbook_on_stats(self, stats):
        self._wipe()
        said = ", ".join(f"{count} {kind}" for kind, count in self._counts.items() if count)
        self._display.display(f"  {said or 'nothing to do'} in {time.monotonic() - self._started:.0f} s")
        recap = self.get_option("recap_file")
        if recap:
            with open(recap, "w", encoding="utf-8") as file:
                json.dump(self._counts, file)
