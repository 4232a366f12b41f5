"""Codecs: bytes to the model and back; no network."""
