"""The private check: eight questions that anyone may answer or skip, and the care to start with.

`rules` reads the answers in the terms of the level-of-care table and lets that table decide; `words` says it.
Nothing here is stored: answers live in the page of the person who gives them, until they send them themselves.
"""
