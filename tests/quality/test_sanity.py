# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity on a real copy of the collection, and on one with defects that it must find."""
from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import environments
import workspace

pytestmark = pytest.mark.xdist_group("sanity")
SUPPORTED = [f"3.{minor}" for minor in range(9, 15)]
# It wants a program that no package index brings and the system may not have; shell scripts are few and run by every test.
LEFT_OUT = ["shellcheck"]


def pip_from_ensurepip(core: Path, home: Path) -> None:
    """Lets ansible-test make its environments offline: it would fetch a get-pip script, and uses one that lies in its cache under the version's name."""
    ansible_test = next((core / "lib").glob("python3.*/site-packages/ansible_test"))
    text = (ansible_test / "_internal" / "python_requirements.py").read_text(encoding="utf-8")
    for version in set(re.findall(r"pip='(\d+(?:\.\d+)+)'", text) + re.findall(r'pip="(\d+(?:\.\d+)+)"', text)):
        script = home / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("import ensurepip\n\nensurepip.bootstrap(upgrade=True, default_pip=True)\n", encoding="utf-8")


def other_pythons() -> list[str]:
    """Directories of the Pythons of this machine that ansible-test may use for compile and import, one for each version."""
    found = {}
    managed = Path(os.environ.get("PYENV_ROOT", "/root/.pyenv")) / "versions"
    for version in SUPPORTED:
        places = [*managed.glob(f"{version}.*/bin"), Path("/usr/local/bin"), Path("/usr/bin")]
        for place in places:
            if (place / f"python{version}").exists():
                found[version] = str(place)
                break
    return list(dict.fromkeys(found.values()))


def sanity(copy: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    core = environments.ensure("core")
    pip_from_ensurepip(core, home)
    environment = workspace.private_environment(home, binaries=core / "bin")
    # A version manager's stand-ins fail when they are run, so they are taken out and the real directories put in.
    plain = [place for place in environment["PATH"].split(os.pathsep) if "shims" not in place]
    environment["PATH"] = os.pathsep.join([plain[0], *other_pythons(), *plain[1:]])
    environment.pop("PYENV_ROOT", None)
    return subprocess.run(
        ["nice", "-n", "10", str(core / "bin" / "ansible-test"), "sanity", "--color", "no", *arguments],
        cwd=copy, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=1500,
    )


@pytest.fixture(scope="module")
def home() -> Path:
    """A home that is kept between runs: the environments of ansible-test in it cost minutes."""
    return workspace.CACHE / "sanity" / "home"


@pytest.mark.slow
def test_the_collection_is_sane(home: Path) -> None:
    copy = workspace.repository(workspace.CACHE / "sanity" / "whole")
    outcome = sanity(copy, home, *(f"--skip-test={name}" for name in LEFT_OUT))
    complaints = [line for line in outcome.stdout.splitlines() if line.startswith(("ERROR", "FATAL"))]
    assert (outcome.returncode, complaints) == (0, []), "\n".join(complaints) or outcome.stdout[-4000:]
    assert "validate-modules" in outcome.stdout and "No tests applicable" not in outcome.stdout, outcome.stdout


@pytest.mark.slow
def test_planted_defects_are_found(home: Path) -> None:
    copy = workspace.repository(workspace.CACHE / "sanity" / "planted")
    modules = sorted((copy / "plugins" / "modules").glob("*.py"))
    assert modules, "no module to plant a defect in"
    undocumented = modules[0]
    text = undocumented.read_text(encoding="utf-8")
    documentation = next(
        node.value.value for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION"
        and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )
    undocumented.write_text(text.replace(documentation, documentation + "\n  planted_option:\n    type: nonsense\n"), encoding="utf-8")
    (copy / "plugins" / "module_utils" / "planted.py").write_text("def broken(:\n    pass\n", encoding="utf-8")
    tests = ("--test", "validate-modules", "--test", "compile", "--python", "default")
    outcome = sanity(copy, home, *tests, str(undocumented.relative_to(copy)), "plugins/module_utils/planted.py")
    assert outcome.returncode != 0, outcome.stdout
    assert "planted.py" in outcome.stdout, outcome.stdout
    assert str(undocumented.relative_to(copy)) in outcome.stdout, outcome.stdout
    shutil.rmtree(copy)
