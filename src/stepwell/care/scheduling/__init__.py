"""What is planned: weekly groups, their sessions, each person's places and appointments, and who is taken when."""
