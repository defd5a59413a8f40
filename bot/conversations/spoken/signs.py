"""A message that is only signs: thumbs and hearts, sent alone or as a reaction."""

UP = frozenset("👍❤💙💚🧡💜🖤🤍🙏👌💯🎉👏😊🙂😀😃😄😁😍🥰☺✅🤝✨🌟⭐💪")
DOWN = frozenset("👎😡😠🤬😤")
# Skin tones, and what makes a sign colourful.
SHADES = dict.fromkeys(map(ord, "\ufe0f\u200d🏻🏼🏽🏾🏿"))
LONGEST = 20
# What channels put in the place of a location and of somebody's contact card.
PLACE, CARD = "\U0001f4cd", "\U0001f464"


def stands_for_something(text: str) -> bool:
    """Whether a message is a place or a card, and no words of the contact's."""
    return text.startswith((PLACE, CARD)) and "\n" not in text


def thumb_in(text: str) -> bool | None:
    """Whether a message is a sign that something helped, or did not; None: neither."""
    signs = "".join(text.split()).translate(SHADES) if len(text) <= LONGEST else ""
    if signs and UP.issuperset(signs):
        return True
    return False if signs and DOWN.issuperset(signs) else None
