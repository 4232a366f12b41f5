"""The pure core: rules and records in, audits with their reasons out."""
