"""Making what the reading room leans on; nothing here runs while documents are read."""
