"""What is asserted of sim.running."""
