"""Linkage of lists whose bodies may not show one another who is on them. Pure.

Each body turns its list into filters with a key that the bodies made together; a linkage unit that has neither key nor
names compares the filters and gives back how the lists overlap. What that protects from, and what not, with figures:
docs/methods/private-linkage.md.
"""
