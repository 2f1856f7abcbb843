"""The only way out: safe files, with the rights of the asker, on record, encrypted when identity is inside."""
