# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test sees the checkout as the collection `virtops.ovirt`, and nothing of the user who runs the tests."""
from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

import workspace

_TREE = workspace.tree()
if str(_TREE) not in sys.path:
    sys.path.insert(0, str(_TREE))

_HOME = Path(tempfile.mkdtemp(prefix="virtops-home-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
_PRIVATE = workspace.private_environment(_HOME, collections=_TREE)
for _name in set(os.environ) - set(_PRIVATE):
    # pytest and xdist talk to their own processes by these names.
    if not _name.startswith("PYTEST_"):
        del os.environ[_name]
os.environ.update(_PRIVATE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-seed", default="1", help="what draws the cells of the fault matrix that are tried")
    parser.addoption("--faults-cells", default="2", help="how many cells of each of its tasks are tried; 0 for all of them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker begins one when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
