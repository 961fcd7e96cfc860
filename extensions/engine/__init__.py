"""An oVirt engine in one process: the REST API v4 with state, jobs, locks and refusals, for playbooks and tests."""
