"""Written consents, their end, and every disclosure made under them (42 CFR Part 2)."""
