"""The program itself: from a referral to a step down, in the order a patient meets it."""
