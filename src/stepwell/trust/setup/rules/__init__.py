"""What is decided when a center is set up: hours and their words, closed days of the year, who must stay."""
