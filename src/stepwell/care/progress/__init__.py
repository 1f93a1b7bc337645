"""Signals, who needs somebody now, and steps up, down and out of care."""
