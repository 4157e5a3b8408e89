"""What is asserted of sim.results."""
