"""YAML text as plain values that remember their place, checked against forms; files found by name."""
