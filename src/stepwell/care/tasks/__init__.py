"""Tasks: what somebody must do about somebody, by when, and what came of it. See ADR 10 for what is not one."""
