"""Checks of a rule that the engine decides, above the language and the engine."""
