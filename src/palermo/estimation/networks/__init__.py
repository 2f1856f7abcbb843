"""Network scale-up: the size of a hidden population from how many of its members people know."""
