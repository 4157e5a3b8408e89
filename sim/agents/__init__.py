"""The same world as Mesa agents: a model, its agents, and the rules as plain Python."""
