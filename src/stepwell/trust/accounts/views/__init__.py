"""The pages of a sign-in: coming in, showing again that it is you, and one's own account."""
