"""What is asserted of sim.evidence."""
