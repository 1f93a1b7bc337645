"""What is decided about people: how they are reached, who may be one and the same, who may give a place on a team."""
