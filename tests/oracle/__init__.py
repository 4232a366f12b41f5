"""The specification, executed: slow, plain, and independent of the engine."""
