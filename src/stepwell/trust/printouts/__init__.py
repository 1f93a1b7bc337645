"""A chart on paper, for work here or for the patient: chosen parts, made as a PDF by a job, gone after a day.

What goes to anybody outside goes through ``consent.disclosing.disclose`` and nowhere else: this is no second way out.
"""
