"""Laws that hold for every rule and every record, one module a law."""
