"""Forecasts of what was observed, made from the start of a scenario alone, and scored."""
