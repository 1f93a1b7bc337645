"""What makes a task, what a task may become, and when it is let go by itself."""
