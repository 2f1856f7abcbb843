"""Multiple systems estimation: how many people are on none of several overlapping lists."""
