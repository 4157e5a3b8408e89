"""What is asserted of sim.experiments."""
