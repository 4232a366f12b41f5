"""Cairn: credentials and awards as a credit graph, with exact and explained stacking rules."""
