"""Setting up: an organization's centers, rooms, hours and closed days, and who works there in which part."""
