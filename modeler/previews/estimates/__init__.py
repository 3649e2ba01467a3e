"""How long work takes on the live server, how many queries wait for it, how much WAL it writes."""
