"""The workflow engine: one way for anything to change its state."""
