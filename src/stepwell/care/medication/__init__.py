"""Medicines for substance use disorder, doses given, and drug tests."""
