"""Stored files: what may come in, where its bytes lie, and how they are given back."""
