"""Writes the story of Alder Creek into the database, a part of the house at a time."""
