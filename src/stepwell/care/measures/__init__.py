"""Measures: what we ask people, and what their answers say.

An `Instrument` is a published questionnaire kept as data in `instruments/`, a `Response` is one
person's answers to it, and a `Score` is what `scoring` makes of them. `scoring` is plain Python:
it knows no Django, no database and no clock.
"""
