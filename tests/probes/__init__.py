"""Whoever means harm, tried out: each probe goes through every address or form there is, and so through new ones."""
