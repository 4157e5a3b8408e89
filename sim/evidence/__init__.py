"""Why believe it: mechanisms audited, predictions tried, patterns held against figures, parameters fitted."""
