"""What the buttons do with which staff write to a contact outside the window."""

from collections.abc import Awaitable, Callable, Mapping

from bot.console.access import Form
from bot.conversations.desk.templates import Templates
from bot.errors import ConversationError

FIELD = "blank "
LONGEST_ANSWER = 4000

Action = Callable[[str, Form], Awaitable[None]]


def template_actions(templates: Templates) -> Mapping[str, Action]:
    """The actions by name."""

    async def send(conversation_id: str, form: Form) -> None:
        answer = form.text("answer").strip()
        if len(answer) > LONGEST_ANSWER:
            raise ConversationError(f"at most {LONGEST_ANSWER} letters, please")
        names = [name for name in form.data if name.startswith(FIELD)]
        await templates.send(
            conversation_id,
            form.text("template"),
            {name.removeprefix(FIELD): form.text(name) for name in names},
            member=form.who.name,
            client_id=form.text("client_id")[:100] or None,
            answer=answer,
        )

    async def drop(conversation_id: str, form: Form) -> None:
        await templates.drop(conversation_id, form.text("held"), member=form.who.name)

    return {"template": send, "drop": drop}
