"""From the request for care to its end: a referral, an episode of care, and the level of care over time."""
