"""`palermo estimate`: the library `palermo.estimation` on files, without any database.

The commands only read, call and print; what is computed, refused and explained is the library's.
"""
