# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token kept between tasks, in a file that only its user can read.

The file is found by a hash of the engine's address and the user. The token is given out only to who has the password that it
was got with; of that password the file holds no more than a salted, slow hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
from contextlib import contextmanager
from typing import Iterator, Mapping, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.secrets import Secret

try:
    import fcntl
except ImportError:  # not on this system: tasks that begin together then log in once each
    _CAN_LOCK = False
else:
    _CAN_LOCK = True

_ROUNDS = 50_000
_SUFFIX = ".token"
_SOON = 60.0
_LOCK_WAIT = 15.0


def default_directory(environ: Mapping[str, str]) -> Optional[str]:
    """Where tokens are kept unless told otherwise; None when this user has no home."""
    base = environ.get("XDG_CACHE_HOME") or (os.path.join(environ["HOME"], ".cache") if environ.get("HOME") else "")
    return os.path.join(base, "virtops.ovirt", "sessions") if os.path.isabs(base) else None


class TokenCache:
    """The kept token of one user of one engine.

    A cache that cannot be used (no such directory, wrong owner, disk full) is an empty cache, never an error: the password is
    at hand.
    """

    def __init__(self, directory: str, url: str, username: str, password: Secret, clock: Clock) -> None:
        self._directory = directory
        self._url = url
        self._username = username
        self._password = password
        self._clock = clock
        key = hashlib.sha256(f"{url}\0{username}".encode()).hexdigest()
        self.path = os.path.join(directory, key + _SUFFIX)

    def load(self) -> Optional[Secret]:
        """The kept token, if it is for this password and does not end within a minute."""
        try:
            kept = json.loads(_read_private(self.path))
            proof = self._proof(bytes.fromhex(kept["salt"]))
            ours = kept["url"] == self._url and kept["username"] == self._username and hmac.compare_digest(proof, str(kept["proof"]))
            if ours and float(kept["expires"]) > self._clock.time() + _SOON:
                return Secret(str(kept["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def store(self, token: Secret, expires: float) -> None:
        """Keep a token until ``expires`` (seconds since the epoch), in place of the one before."""
        salt = secrets.token_bytes(16)
        kept = {
            "url": self._url,
            "username": self._username,
            "salt": salt.hex(),
            "proof": self._proof(salt),
            "token": token.reveal(),
            "expires": expires,
        }
        try:
            self._prepare()
            # mkstemp opens with O_EXCL and mode 0600; the rename makes it whole or not at all.
            handle, unfinished = tempfile.mkstemp(dir=self._directory, prefix=".", suffix=".new")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(kept, file)
                os.replace(unfinished, self.path)
            except BaseException:
                os.unlink(unfinished)
                raise
        except OSError:
            pass

    def forget(self) -> None:
        try:
            os.unlink(self.path)
        except OSError:
            pass

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds off other processes that want to log in as the same user, for some seconds at most; they find the token then."""
        handle = self._lock() if _CAN_LOCK else None
        try:
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def _lock(self) -> Optional[int]:
        try:
            self._prepare()
            handle = os.open(self.path + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError:
            return None
        deadline = self._clock.deadline(_LOCK_WAIT)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
            except OSError:
                if deadline.passed:
                    os.close(handle)
                    return None
                self._clock.sleep(0.05)

    def _prepare(self) -> None:
        os.makedirs(self._directory, mode=0o700, exist_ok=True)
        found = os.lstat(self._directory)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(f"{self._directory} belongs to somebody else")
        if found.st_mode & 0o077:
            os.chmod(self._directory, 0o700)

    def _proof(self, salt: bytes) -> str:
        return hashlib.pbkdf2_hmac("sha256", self._password.reveal().encode(), salt, _ROUNDS).hex()


def _read_private(path: str) -> str:
    """The text of a file that is this user's own and closed to all others.

    :raises OSError: it is not there, or not so.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, encoding="utf-8") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise PermissionError(f"{path} is not private")
        return file.read()
