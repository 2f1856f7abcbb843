"""What an attacker would gain from a release of microdata, by attacks that are made; how that is said and drawn.

How and how far: docs/methods/release-risk.md.
"""
