"""Records that people keep; the only room that opens the database."""
