"""What is asserted of sim.stats."""
