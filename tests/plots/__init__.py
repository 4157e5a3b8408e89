"""What is asserted of sim.plots."""
