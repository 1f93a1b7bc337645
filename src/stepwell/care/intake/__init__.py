"""The way in: a referral taken, a first visit booked, the person admitted. Gathers what the rooms below decide."""
