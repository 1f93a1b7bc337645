"""What everything stands on: the look of a page and a few small types. No business words."""
