"""Help for whoever writes YAML: lists, pages, schemas, files to start from, differences, everything filled in."""
