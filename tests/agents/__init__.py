"""What is asserted of sim.agents."""
