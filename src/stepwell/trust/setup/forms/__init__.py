"""What is asked when an organization is set up. What was typed is kept, and each error stands beside its field."""
