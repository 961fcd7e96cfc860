"""/jobs and their steps; jobs of other systems are made, ended and cleared here."""

from __future__ import annotations

from .. import errors
from .base import Collection, action

NOT_EXTERNAL = "External steps can be added only to external jobs or steps."


class Jobs(Collection):
    type = "job"
    paths = ("jobs",)
    search = "jobs"
    links = ("steps",)

    def add(self, ctx, body, parents):
        if not body["description"]:
            raise errors.incomplete("Job", ["description"], "add")
        now = ctx.now
        row = {"id": ctx.new_id(), "description": body["description"], "status": "started", "start_time": now, "last_updated": now,
               "auto_cleared": bool(body.get("auto_cleared")), "external": True, "owner": {"id": ctx.identity.user_id}, "_correlation": ctx.correlation_id}
        ctx.event(11000, "normal", f"New external Job {row['description']} was added by user {ctx.identity.principal}")
        return self.of(ctx).save(row)

    def unknown(self, ctx, verb, ident):
        return errors.refused(400, "Cannot Clear External Job. Job not found.")

    @action("clear")
    def clear(self, ctx, row, body):
        self._external(row)
        row["auto_cleared"] = True
        self.of(ctx).save(row)

    @action("end")
    def end(self, ctx, row, body):
        self._external(row)
        now = ctx.now
        row.update({"status": "finished" if body.get("succeeded", True) else "failed", "end_time": now, "last_updated": now})
        if body.get("force"):
            row["auto_cleared"] = True
            steps = ctx.table("step")
            for step in steps.by("job.id", row["id"]):
                if step["status"] == "started":
                    step.update({"status": "aborted", "end_time": now})
                    steps.save(step)
        self.of(ctx).save(row)

    @staticmethod
    def _external(row):
        if not row["external"]:
            raise errors.refused(400, f"Cannot Clear External Job. {NOT_EXTERNAL}")


class Steps(Collection):
    type = "step"
    paths = ("jobs/{job}/steps",)
    links = ("statistics",)

    def add(self, ctx, body, parents):
        parent = body.get("parent_step") or {}
        job = ctx.row("job", parents["job"].lower())
        above = ctx.row("step", parent["id"].lower()) if parent.get("id") else None
        if job is None or (parent.get("id") and above is None):
            raise errors.refused(400, "Cannot add External Job. Step should be a child of the Job or other Step.")
        if not job["external"]:
            raise errors.refused(400, f"Cannot add External Job. {NOT_EXTERNAL}")
        now = ctx.now
        siblings = [one for one in self.of(ctx).by("job.id", job["id"]) if (one.get("parent_step") or {}).get("id") == (above or {}).get("id")]
        row = {"id": ctx.new_id(), "job": {"id": job["id"]}, "type": body["type"], "description": body["description"], "status": "started",
               "number": len(siblings), "start_time": now, "external": True}
        if above is not None:
            row["parent_step"] = {"id": above["id"]}
        job["last_updated"] = now
        ctx.table("job").save(job)
        return self.of(ctx).save(row)

    def unknown(self, ctx, verb, ident):
        return errors.refused(400, "Cannot ${action} ${type}. Step not found.")

    @action("end", entity=False)
    def end(self, ctx, row, body):
        if not row["external"]:
            raise errors.refused(400, "Cannot ${action} ${type}. " + NOT_EXTERNAL)
        row.update({"status": "finished" if body["succeeded"] else "failed", "end_time": ctx.now})
        self.of(ctx).save(row)


class StepStatistics(Collection):
    """What is measured of the storage tasks of Gluster alone, of which there are none here."""

    type = "statistic"
    table = "_step_statistic"
    paths = ("jobs/{job}/steps/{step}/statistics",)
