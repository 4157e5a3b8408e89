"""The model's vocabulary as plain data: actors, places, events, perceptions, actions, measures, mechanisms, parameters.

Every other layer takes its words from here, so the same word stands in YAML, record, table, figure and story.
Nothing in this package computes anything or imports anything of the project.
"""
