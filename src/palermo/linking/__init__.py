"""`palermo link`: the library `palermo.linkage` on files, without any database."""
