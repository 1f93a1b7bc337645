"""What is decided about asking and reading measures, beside the score itself.

`asking` is which question comes next, `safety` which answers call for help at once and which for a
person's follow-up, `trends` what a series of scores says in one sentence.
"""
