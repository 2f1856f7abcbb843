"""Cooperation with other States and offices: the partner instances, and what is said to them."""
