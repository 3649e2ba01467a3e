"""Report pages for analysts."""
