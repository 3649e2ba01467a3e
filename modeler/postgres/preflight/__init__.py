"""What stands in the way of pending statements on the live server right now; read-only probes."""
