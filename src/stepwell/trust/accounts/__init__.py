"""The person who signs in, and where they belong: one user, a membership for each role they hold."""
