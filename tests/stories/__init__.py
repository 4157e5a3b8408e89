"""What is asserted of sim.stories."""
