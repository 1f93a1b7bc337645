"""What was written about what happened: one note for each person, signed, then changed only by addendum."""
