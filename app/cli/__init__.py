"""The use cases from a terminal: results on stdout, diagnostics on stderr."""
