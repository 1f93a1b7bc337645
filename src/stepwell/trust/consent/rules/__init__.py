"""What a written consent must say, how long it holds, and what may be told under it: 42 CFR part 2 in plain Python.

Each rule names its source. ``[V]`` was read in the text of the rule as amended by 89 FR 12472, on 2026-11-23;
``[K]`` is known and was not read again; ``[D]`` is a default of our own. None of it is legal advice.
"""
