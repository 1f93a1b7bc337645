"""What is decided about referrals and episodes: the life of a referral, the level day by day, who may be admitted."""
