"""What a contact's words name: times, zones, ways to reach them."""
