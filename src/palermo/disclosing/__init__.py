"""The commands `palermo protect`, `attack` and `synthesize`: files in, files out, no database."""
