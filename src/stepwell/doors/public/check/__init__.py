"""The private check: one question a page, and an answer that nobody keeps.

What was said goes back and forth in the page itself, signed. There is no row, no cookie, no session and no address
that holds any of it, so there is nothing to lose, to ask for or to take.
"""
