"""What is done when an organization is set up: its places, its public entry, the people who work there."""
