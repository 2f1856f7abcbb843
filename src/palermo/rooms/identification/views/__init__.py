"""Pages of the room: the conversation (screening) and the legal status (status)."""
