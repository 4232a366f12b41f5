"""Storage: tables, units of work, one repository an aggregate; SQLite and PostgreSQL."""
