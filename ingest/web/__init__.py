"""Web pages as documents: fetched politely, never from an internal address."""
