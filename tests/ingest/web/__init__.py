"""Pages from the web, with a real site on loopback."""
