"""What is decided about progress: who needs somebody now, and when care steps up, down, or ends."""
