"""Oversight: who looked at a record, the event log, and looking that is unusual, with what came of it."""
