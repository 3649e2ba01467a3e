"""What production's server knows of its tables, carried to where plans are made with it."""
