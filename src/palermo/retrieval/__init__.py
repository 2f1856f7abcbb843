"""Finding texts across languages: references in a query, passages, meaning vectors, fusion. Pure Python and numpy."""
