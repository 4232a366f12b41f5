"""The house itself: sizes, names, layers, locks, and what may stand in the tree."""
