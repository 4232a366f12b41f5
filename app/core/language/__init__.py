"""The rule language: YAML to model with positions, and back."""
