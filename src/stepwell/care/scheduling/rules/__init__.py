"""What is decided about time and places: stretches and clashes, open times, when a group meets, who fits in it."""
