"""Policies: rules of one seat, their conditions, what they extend, what they make sense of."""
