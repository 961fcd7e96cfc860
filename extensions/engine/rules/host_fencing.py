"""Power management: what a host's fence agents are told, through another host of its data center."""

from __future__ import annotations

from typing import Any

from .. import errors

Row = dict[str, Any]
REBOOT_SECONDS = 5
# How long after an operation of power management the opposite one is refused.
QUIET_SECONDS = 180
TYPES = ("manual", "restart", "start", "stop", "status")
STARTABLE = ("down", "non_responsive", "reboot", "maintenance")
CONFIRMABLE = ("down", "install_failed", "maintenance", "non_operational", "non_responsive", "reboot", "installing", "connecting", "kdumping")
CONNECTING = ("Due to intermittent connectivity to this Host, fence operations are not allowed at this time. "
              "The system is trying to reconnect, please try again in 30 seconds.")
NOT_STARTABLE = "Cannot perform Start operation, Host has to be in one of the following statuses: Down ,Non Responsive or Maintenance."
NOT_STOPPABLE = "Cannot perform Stop operation, Host has to be in Maintenance mode in order to be stopped."
NOT_CONFIRMABLE = 'Cannot confirm \'Host has been rebooted\' Host. Valid Host statuses are "Non operational", "Maintenance" or "Connecting".'
# By operation: the one after which it is refused for a while, its job, and the event of its success.
OPERATIONS = {"start": ("stop", "Starting", 20, "started"), "stop": ("start", "Stopping", 21, "stopped"), "restart": ("restart", "Restarting", 41, "restarted")}


def check_type(kind: str) -> None:
    if kind not in TYPES:
        raise errors.fault(400, f"{kind.upper()} is not a member of FenceType. Possible values for FenceType are: {', '.join(TYPES)}", "Invalid value")


def confirm_reboot(ctx: Any, host: Row) -> None:
    """Somebody says that the host was rebooted, so that nothing runs on it any more."""
    if host["status"] not in CONFIRMABLE:
        raise errors.refused(409, NOT_CONFIRMABLE)
    ctx.event(494, "normal", f"Manual fence for host {host['name']} was started.", host=host, cluster=ctx.row("cluster", host["cluster"]["id"]))


def power(ctx: Any, host: Row, proxies: bool) -> Row:
    """The power as the agents say it; what stands against asking them is told in a failed action of status 200."""
    if not enabled(ctx, host):
        return {"status": "failed", "fault": {"reason": f"Invalid fence agents defined for host '{host['address']}'."}}
    if not proxies:
        return {"status": "failed", "fault": {"reason": f"There is no other Host in the Data Center that can be used to test the power management of host "
                                                        f"'{host['address']}'."}}
    return {"power_management": {"status": "off" if host["status"] == "down" else "on"}}


def enabled(ctx: Any, host: Row) -> bool:
    return bool(host["power_management"].get("enabled") and ctx.table("agent").by("host.id", host["id"]))


def check(ctx: Any, host: Row, kind: str, proxies: bool) -> None:
    """Refuse an operation in the engine's order; its checks of the status come in addition."""
    messages = []
    wait = _quiet_seconds(ctx, host, OPERATIONS[kind][0])
    if not enabled(ctx, host):
        messages.append("Cannot fence Host, Host fence is disabled.")
    elif wait > 0:
        messages.append(f"Another Power Management operation is still running, please retry in {wait} Sec.")
    elif not proxies:
        messages.append(f"Cannot {kind} Host.\nThere is no other Host in the Data Center that can be used to test the Power Management settings.")
    if messages:
        messages.append(f"Cannot {kind} Host. Fence operation failed.")
    if kind == "start" and host["status"] == "connecting":
        messages.append(CONNECTING)
    elif kind == "start" and host["status"] not in STARTABLE:
        messages.append(NOT_STARTABLE)
    elif kind == "stop" and host["status"] != "maintenance":
        messages.append(NOT_STOPPABLE)
    if messages:
        raise errors.refused(409, *messages)


def _quiet_seconds(ctx: Any, host: Row, after: str) -> int:
    last = host.get("_fenced", {}).get(after)
    return 0 if last is None else round((last - ctx.now) / 1000) + QUIET_SECONDS


def carry_out(ctx: Any, host: Row, kind: str, *, keep_in_maintenance: bool = False) -> None:
    """Switch the power.  A host in maintenance stays there when it is started or restarted; any other comes up again."""
    cluster = ctx.row("cluster", host["cluster"]["id"])
    _after, verb, code, done = OPERATIONS[kind]
    job = ctx.job(f"{verb} Host {host['name']} (Fencing) on Cluster {cluster['name']}")
    stays = host["status"] == "maintenance" or (kind == "restart" and keep_in_maintenance)
    for step in ("stop", "start") if kind == "restart" else (kind,):
        for event, word in ((9017, "initiated"), (9018, "succeeded")):
            ctx.event(event, "normal", f"Power management {step} of Host {host['name']} {word}.", host=host, cluster=cluster)
    host["_fenced"] = {**host.get("_fenced", {}), **dict.fromkeys(("stop", "start", "restart") if kind == "restart" else (kind,), ctx.now)}
    host["status"] = "down" if kind == "stop" else "maintenance" if stays else "reboot"
    ctx.table("host").save(host)
    ctx.event(code, "normal", f"Host {host['name']} was {done} by {ctx.identity.principal}.", host=host, cluster=cluster)
    job.finish()
    if host["status"] == "reboot":
        ctx.later(REBOOT_SECONDS, "host.up", host=host["id"])
