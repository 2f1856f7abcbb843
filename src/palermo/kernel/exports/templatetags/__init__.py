"""What the templates of documents need."""
