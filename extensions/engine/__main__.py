"""Serve an embedded oVirt engine: python -m ansible_collections.virtops.ovirt.extensions.engine"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import gc
import json
import os
import secrets
import shutil
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path

from . import tls
from .app import Engine
from .faults import BadRules
from .journal import Journal
from .server import Server

DESCRIPTION = """\
Serves the oVirt REST API v4 over TLS, with an estate that behaves like a real engine's: objects change their status over time, commands leave
jobs and events behind, refusals come in the engine's words.  Hosts of any address come up; nothing outside this process is touched.
"""
EPILOG = """\
The ready file is JSON: url, ca_file, username, password_file, pid.  It is written when the engine answers and removed when it stops.
What a fault rule can do and what the journal holds is told in docs/engine.md.
SIGTERM and SIGINT stop the engine; rules that never fired are reported then.  Exit status: 0 stopped, 2 wrong options or files.
"""


class Unusable(Exception):
    """The options cannot be carried out; the text says what to do."""


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ansible_collections.virtops.ovirt.extensions.engine", description=DESCRIPTION, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:0", type=_address,
                        help="where to listen; port 0 is a free one, [ADDRESS]:PORT for IPv6 (default: 127.0.0.1:0)")
    parser.add_argument("--ready-file", metavar="PATH", type=Path,
                        help="file that tells where and how the engine answers; the certificate of its authority is put beside it")
    parser.add_argument("--username", default="admin@internal", help="the administrator's name (default: admin@internal)")
    parser.add_argument("--user", metavar="NAME[=PASSWORD_FILE]", action="append", default=[], type=_user,
                        help="somebody else whom the directory of the domain internal has, but the engine does not know yet; with a file, whose "
                             "password is made up like the administrator's when it is not there, they can log in; may be given again")
    parser.add_argument("--group", metavar="NAME", action="append", default=[], help="the same for a group; may be given again")
    parser.add_argument("--password-file", metavar="PATH", type=Path,
                        help="file with the administrator's password; when it is not there a password is made up and written to it, readable for its "
                             "owner alone (default: beside the ready file)")
    parser.add_argument("--estate", metavar="KIND", default="empty", type=_estate,
                        help="what is there at first: empty (what a fresh engine has), demo (a small running estate), scale:VMS (so many VMs with what "
                             "they need); ignored when --state holds an estate already (default: empty)")
    parser.add_argument("--state", metavar="PATH", type=Path,
                        help="file to keep everything in, certificates included, and to go on from at the next start, also after a kill; in a directory: "
                             "its file engine.db (default: nothing is kept)")
    parser.add_argument("--speed", metavar="FACTOR", default=1.0, type=_speed,
                        help="simulated seconds per real second: at 60 what takes a minute on a real engine takes a second (default: 1)")
    parser.add_argument("--faults", metavar="PATH", type=Path, help="file with fault rules (JSON); read again whenever it changes")
    parser.add_argument("--journal", metavar="PATH", type=Path,
                        help="file to append a line (JSON) to for each request: method, path, status, correlation_id, wrote and more")
    parser.add_argument("--seed", metavar="N", type=int, help="makes ids and drawn values the same in every run")
    parser.add_argument("--costs", choices=("none", "real"), default="none", help="what requests cost: nothing, or the time they take a real engine")
    parser.add_argument("--hosts", choices=("recorded", "real"), default="recorded",
                        help="what hosts make of networks: as the imitated ones of the recordings, or all that they are told, MTU and IPv6 included")
    parser.add_argument("--lockout", metavar="N", default=0, type=_count,
                        help="wrong passwords in a row that lock the administrator out for an hour; a real engine's number is 5 (default: 0, never)")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, mark, port = text.rpartition(":")
    if not mark or not (port.isascii() and port.isdigit()) or int(port) > 65535 or (":" in host and not (host.startswith("[") and host.endswith("]"))):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8443 or [::1]:0")
    return host.strip("[]"), int(port)


def _user(text: str) -> tuple[str, Path | None]:
    name, mark, path = text.partition("=")
    if not name or mark and not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME or NAME=PASSWORD_FILE")
    return name, Path(path) if mark else None


def _estate(text: str) -> str:
    kind, _mark, number = text.partition(":")
    if text in ("empty", "demo") or kind == "scale" and number.isascii() and number.isdigit() and 1 <= int(number) <= 100_000:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is none of empty, demo, scale:VMS (1 to 100000)")


def _speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a factor above 0 (at most 1000000)")
    return value


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    options = arguments().parse_args(argv)
    try:
        return asyncio.run(_serve(options))
    except (Unusable, BadRules) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


async def _serve(options: argparse.Namespace) -> int:
    host, port = options.listen
    with contextlib.ExitStack() as stack:
        folder, stem = _place(options, stack)
        if options.ready_file is not None:
            _remove(options.ready_file)
        password_file, password = _password(options.password_file or folder / f"{stem}.password", "--password-file")
        engine = _engine(options, password, stack)
        stack.callback(engine.close)
        engine.sso.lockout = options.lockout
        engine.real_hosts = options.hosts == "real"
        pki = engine.sso.pki = tls.obtain(engine.store, host)
        engine.store.commit()
        ca_file = folder / f"{stem}.ca.pem"
        _write(ca_file, pki.ca_certificate, 0o644)
        journal = _journal(options.journal)
        if journal is not None:
            stack.callback(journal.close)
        server = Server(engine, tls.context(pki), journal, costs=options.costs == "real")
        try:
            port = await server.start(host, port)
        except OSError as error:
            raise Unusable(f"cannot listen on {host or '*'}:{port}: {error.strerror or error}") from None
        shown = "localhost" if host in tls.WILDCARDS else f"[{host}]" if ":" in host else host
        ready = {"url": f"https://{shown}:{port}/ovirt-engine/api", "ca_file": str(ca_file.absolute()), "username": options.username,
                 "password_file": str(password_file.absolute()), "pid": os.getpid()}
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        gc.collect()
        gc.freeze()
        if options.ready_file is not None:
            _write(options.ready_file, json.dumps(ready) + "\n", 0o644)
            stack.callback(_remove, options.ready_file)
        print(f"The engine answers at {ready['url']} for {options.username}; password in {password_file}, certificate authority in {ca_file}", flush=True)
        await stop.wait()
        await server.stop()
        for line in engine.faults.unfired():
            print(line, file=sys.stderr)
    return 0


def _engine(options: argparse.Namespace, password: str, stack: contextlib.ExitStack) -> Engine:
    state = _state(options.state, stack) if options.state is not None else None
    users = {name: _password(path, "--user")[1] if path is not None else None for name, path in options.user}
    try:
        engine = Engine(username=options.username, password=password, state=state, speed=options.speed,
                        faults=str(options.faults) if options.faults is not None else None, seed=options.seed, users=users, groups=options.group)
    except (sqlite3.DatabaseError, json.JSONDecodeError) as error:
        raise Unusable(f"--state: {state} holds no estate of this engine: {error}") from None
    if not engine.store.restored and options.estate != "empty":
        from . import estate

        estate.build(engine, options.estate)
        engine.store.commit()
    return engine


def _state(path: Path, stack: contextlib.ExitStack) -> str:
    """The file of the estate, made if need be and held for this process alone."""
    path = path / "engine.db" if path.is_dir() else path
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        lock = stack.enter_context(open(path.with_name(path.name + ".lock"), "w", encoding="ascii"))
    except OSError as error:
        raise Unusable(f"--state: cannot use {path}: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Unusable(f"--state: another engine is running on {path}") from None
    return str(path)


def _place(options: argparse.Namespace, stack: contextlib.ExitStack) -> tuple[Path, str]:
    """Folder and first part of the name of the files that come with the engine: beside the ready file, else beside the state."""
    beside = options.ready_file or options.state
    if beside is None:
        folder = Path(tempfile.mkdtemp(prefix="engine-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder, "engine"
    if beside.is_dir():
        if beside is options.ready_file:
            raise Unusable(f"--ready-file: {beside} is a directory")
        return beside, "engine"
    if not beside.absolute().parent.is_dir():
        raise Unusable(f"there is no directory {beside.absolute().parent} for {beside.name}")
    return beside.parent, beside.stem


def _password(path: Path, option: str) -> tuple[Path, str]:
    """The password in the file, or a new one written to it."""
    try:
        if path.exists():
            password = path.read_text(encoding="utf-8").rstrip("\r\n")
        else:
            password = secrets.token_urlsafe(18)
            _write(path, password + "\n", 0o600)
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{option}: cannot use {path}: {error}") from None
    if not password:
        raise Unusable(f"{option}: {path} is empty; put a password there, or remove it to have one made up")
    return path, password


def _journal(path: Path | None) -> Journal | None:
    try:
        return Journal(str(path)) if path is not None else None
    except OSError as error:
        raise Unusable(f"--journal: cannot write {path}: {error.strerror}") from None


def _write(path: Path, text: str, mode: int) -> None:
    """Put a file in place at once: nobody ever reads a half of it."""
    path = path.absolute()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(handle, "w", encoding="utf-8") as file:
            os.fchmod(handle, mode)
            file.write(text)
        os.replace(name, path)
    except OSError as error:
        raise Unusable(f"cannot write {path}: {error.strerror}") from None


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
