"""Exchange with partner instances: who they are, what goes out, what came in. What is said is the rooms' own matter."""
