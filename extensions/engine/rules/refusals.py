"""The engine's way to say no to a command: ``Cannot ACTION TYPE. REASON``."""

from __future__ import annotations

from .. import errors


def cannot(status: int, action: str, kind: str, reason: str) -> errors.Answer:
    """A refusal of one message; a reason that starts with ``:`` or `` because`` follows without a full stop."""
    joint = "" if reason[:1] in (":", " ") else ". "
    return errors.refused(status, f"Cannot {action} {kind}{joint}{reason}")


class Command:
    """The two words a command's refusals start with, as in ``Command("run", "VM").refuses(409, "VM is locked.")``."""

    def __init__(self, action: str, kind: str) -> None:
        self.action = action
        self.kind = kind

    def refuses(self, status: int, reason: str) -> errors.Answer:
        return cannot(status, self.action, self.kind, reason)

    def free(self, ctx, *keys: str) -> None:
        """Refuse with the words of the lock that holds one of the keys."""
        for key in keys:
            message = ctx.locked(key)
            if message is not None:
                raise self.refuses(409, message)
