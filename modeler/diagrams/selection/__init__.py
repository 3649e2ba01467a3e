"""What a picture shows, asked for in words that fit into an address."""
