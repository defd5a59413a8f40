"""The words of the page of figures."""

# Tables of the page of figures, by the name in their address.
FIGURES = {
    "day": "Enquiries by day",
    "channel": "Enquiries by channel",
    "country": "Enquiries by country of interest",
    "topic": "Enquiries by topic",
    "language": "Enquiries by language",
    "outcome": "Replies of the assistant",
    "resolution": "Enquiries by resolution",
    "satisfaction": "What contacts thought of answers",
    "calls": "Call-backs asked for",
}
RESOLVED = {
    "confirmed": "Confirmed: the contact said that it helped",
    "assumed": "Assumed: answered, and silent for a day",
    "neither": "Neither",
}
