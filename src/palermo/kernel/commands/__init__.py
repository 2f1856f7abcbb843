"""Commands that may be sent twice: a key, what was asked, and the one answer that was given."""
