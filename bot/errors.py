"""The errors that this program raises on purpose; their text is for people."""


class BotError(Exception):
    """Something went wrong that a person can act on; ``str()`` says how."""


class SettingsError(BotError):
    """A setting is missing, unsafe or contradicts another one."""


class IndexUnavailableError(BotError):
    """There is no usable index of the documents, or it cannot be opened."""


class SyncUnderwayError(BotError):
    """Another process is building the index."""


class DocumentError(BotError):
    """A document cannot be read; the text names file, line and reason."""


class ChangedMeanwhileError(BotError):
    """Somebody else has changed a document since an editor saw it.

    ``yours`` is what the editor wrote, ``now`` what is there (None: it is gone), and
    ``version`` the version of that.
    """

    def __init__(
        self, path: str, *, yours: bytes, now: bytes | None, version: str | None
    ) -> None:
        happened = "has been removed" if now is None else "has been changed"
        super().__init__(f"{path} {happened} meanwhile; bring both texts together")
        self.yours = yours
        self.now = now
        self.version = version


class ModelError(BotError):
    """A language model failed, was too slow, or wrote what it must not."""


class OverBudgetError(BotError):
    """No model may be asked, since so many tokens were taken."""

    def __init__(self) -> None:
        super().__init__(
            "the budget for language models is used up for now; an admin sees under "
            "Office, Spend what was taken"
        )


class BackupError(BotError):
    """A backup cannot be made, read or restored; the text says why."""


class OutsideError(BotError):
    """A place outside cannot be reached, or must not be; the text says why."""


class WebhookError(BotError):
    """An endpoint for outgoing webhooks cannot be kept, found or written to."""


class ChannelError(BotError):
    """A channel could not send; says whether trying again can help."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        retry_after: float | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after
        self.permanent = permanent


class OutcomeUnknownError(ChannelError):
    """The channel may or may not have sent: look it up before sending again."""


class ConversationError(BotError):
    """A step that the rules of a conversation do not allow."""


class NotFoundError(ConversationError):
    """No such conversation, contact, message or document."""


class ConflictError(ConversationError):
    """The same external id arrived again with another text."""


class TakenError(ConversationError):
    """Another staff member holds the conversation; the text says who."""


class TooOftenError(BotError):
    """Somebody asks for something more often than they may."""

    def __init__(self, what: str, *, seconds: int) -> None:
        super().__init__(f"that were too many {what}; try again in {seconds} seconds")


class StaffError(BotError):
    """An account cannot be made or changed that way."""


class SignInError(StaffError):
    """Name and password do not belong together."""


class SecondStepError(SignInError):
    """The password was right, and a code is needed as well; ``started`` says whose."""

    def __init__(self, started: str) -> None:
        self.started = started
        super().__init__("A code of your authenticator is needed.")


class TooManyGuessesError(SignInError):
    """Too soon after wrong guesses."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        super().__init__(f"Too many attempts; try again in {self.seconds} seconds.")
