"""Linkage of lists of people: which records are of one person, how sure that is, and what it does to a count.

Pure: records in, links out; no files, no clock, no database, no Django. Made for the lists of the field: names in
many scripts and spellings, estimated years of birth, siblings who were trafficked together, telephones that belong to
the recruiter.
"""
