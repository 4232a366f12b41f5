"""Model to audit: compile, prepare, decide, certify, check."""
