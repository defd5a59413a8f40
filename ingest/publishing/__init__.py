"""Changes single documents: tried first, kept in every version, in answers at once."""
