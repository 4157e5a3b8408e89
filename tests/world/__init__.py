"""What is asserted of sim.world."""
