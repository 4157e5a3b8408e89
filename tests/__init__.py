"""Tests of Crossfire."""
