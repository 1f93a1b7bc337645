"""Who people are, and who may see what. Stands on ground; care stands on it."""
