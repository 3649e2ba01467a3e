"""Where collections of a MongoDB differ from their specifications."""
