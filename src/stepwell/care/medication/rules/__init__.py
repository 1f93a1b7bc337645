"""What is decided about medication: what a drug test may be expected to show, and when a dose is next due."""
