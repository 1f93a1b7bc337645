"""Level of care: needs rated by domain, the level they support and why, and the level chosen.

`rules` decides and is plain Python; the table it follows is dated data in `rules/rulesets/`. It is this
project's own design, not a validated instrument, and a clinical lead confirms it before use.
"""
