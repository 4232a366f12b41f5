"""REST: the use cases over HTTP."""
