"""Who the staff are: accounts, sessions, and what they did."""

from bot.staff.audit import AuditEntry
from bot.staff.guesses import SignInGuess
from bot.staff.members import Role, StaffMember, staff_member
from bot.staff.second_step import RecoveryCode, SecondStep
from bot.staff.session_rows import StaffSession
from bot.staff.tokens import ApiToken

__all__ = (
    "ApiToken",
    "AuditEntry",
    "RecoveryCode",
    "Role",
    "SecondStep",
    "SignInGuess",
    "StaffMember",
    "StaffSession",
    "staff_member",
)
