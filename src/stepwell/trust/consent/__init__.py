"""Written consents, their end, and the one door through which anything leaves for somebody outside.

``rules`` decide: what a consent must say (42 CFR 2.31), what cannot stand beside what, whether it is in force on a
day, and what may be told to whom for what. ``disclosing.disclose`` is the only way out: it asks the rules while it
holds the patient's consents locked, adds the notice that the law wants, and writes the log in the same transaction.
What can be told is supplied by the rooms above through ``segments``.
"""
