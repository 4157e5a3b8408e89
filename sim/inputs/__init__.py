"""What is written in YAML: scenarios, policies, theories, claims, traits; read, checked, and made ready for worlds."""
