"""Use cases, one module a noun: no SQL, no HTTP."""
