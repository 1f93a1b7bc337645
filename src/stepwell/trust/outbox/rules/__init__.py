"""What is decided about a message: when it may go out, when it is tried again, what an answer to it means."""
