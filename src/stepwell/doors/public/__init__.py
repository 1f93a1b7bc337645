"""The public door: what treatment is, where it is, and what to do when it is urgent. No account, no cookie, no script.

Every page has an English address and a Spanish one. Texts read at sixth grade or below, and a test says so.
"""
