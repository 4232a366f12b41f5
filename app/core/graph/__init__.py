"""The credit graph: credentials, awards, and what stacks into what."""
