"""What is asserted of sim.inputs."""
