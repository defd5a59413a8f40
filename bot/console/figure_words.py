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
FIGURE_OUTCOMES = {
    "answer": "Answered",
    "clarify": "Asked back",
    "no_answer": "Not known",
    "handoff": "Handed over",
}
RESOLVED = {
    "confirmed": "Confirmed: the contact said that it helped",
    "assumed": "Assumed: answered, and silent for a day",
    "neither": "Neither",
}
CALLS_KEPT = {
    "open": "Open",
    "done": "Kept",
    "not_reached": "Not reached",
    "cancelled": "Cancelled by the contact",
}
