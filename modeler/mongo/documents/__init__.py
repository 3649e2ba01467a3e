"""Documents out of rows: what is read, how values are encoded, how parts are joined."""
