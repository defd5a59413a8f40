"""Documents that are changed one at a time, and what is answered from them then."""
