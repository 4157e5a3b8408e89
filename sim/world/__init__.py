"""The model: the record of a world, its rules, and the day that calls them. It knows no YAML, no pandas and no Mesa."""
