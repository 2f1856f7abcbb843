"""Records that one person writes and another publishes: the base of their tables and what the database insists on."""
