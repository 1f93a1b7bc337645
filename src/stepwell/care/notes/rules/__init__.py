"""What a note must hold before it is signed, and what it may never hold. Plain Python."""
