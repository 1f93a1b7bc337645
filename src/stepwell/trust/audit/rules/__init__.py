"""What is decided here: how events are chained, what they were for, and what looking is unusual."""
