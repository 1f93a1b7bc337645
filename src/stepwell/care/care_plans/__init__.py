"""The treatment plan: what the person hopes for, in their own words, and what will be done about it."""
