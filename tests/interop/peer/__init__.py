"""Another engine's answers on real rules, checked and compared with ours by plain code."""
