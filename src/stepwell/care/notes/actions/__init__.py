"""Writing about what happened, signing it, and adding to what is signed."""
