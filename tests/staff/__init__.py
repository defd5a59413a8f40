"""Who the staff are, and who is signed in."""
