"""What is asserted of sim.report."""
