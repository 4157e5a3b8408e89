"""What is varied: requests, variants, sweeps and their designs, checked before anything is run."""
