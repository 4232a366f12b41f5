"""Audit to reasons and prose: why, why not, and what to do next."""
