"""Ways in and out: the web chat, WhatsApp, and a simulated Twilio."""
