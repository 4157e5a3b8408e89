"""What is asserted of sim.cli."""
