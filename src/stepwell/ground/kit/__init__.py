"""Small pure types that any room may use: the clock, weeks, refusals. No Django, no business words."""
