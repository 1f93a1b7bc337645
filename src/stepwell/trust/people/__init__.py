"""The people of the program: patients, practitioners, and who is on whose care team."""
