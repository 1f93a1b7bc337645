"""A person's whole task, in a real browser. Told in the first person."""
