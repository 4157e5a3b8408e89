"""One world told: what happened, why, and on what an outcome rests."""
