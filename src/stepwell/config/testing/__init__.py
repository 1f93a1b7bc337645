"""What every test may rely on: a migrated database of its own, and a clock that stands still."""
