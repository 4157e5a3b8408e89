"""Rules in small prepared situations, uncompiled."""
