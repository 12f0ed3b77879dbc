"""What people may do with a trip."""

from collections.abc import Sequence
from typing import Literal

from app.contract.errors import ErrorCode, TripSageError
from app.contract.events.base import Permission

Role = Literal["read", "write", "admin", "owner"]

PERMISSIONS: dict[Role, list[Permission]] = {
    "read": ["read"],
    "write": ["read", "write"],
    "admin": ["read", "write", "admin"],
    "owner": ["read", "write", "admin"],
}
_RANK: tuple[Role, ...] = ("read", "write", "admin", "owner")


def allows(role: Role | None, needed: Role) -> bool:
    return role is not None and _RANK.index(role) >= _RANK.index(needed)


def permissions_of(role: Role | None) -> list[Permission]:
    return [] if role is None else PERMISSIONS[role]


def role_of(permissions: Sequence[Permission]) -> Role:
    """Raises `TripSageError` (`VALIDATION_ERROR`) for a list that is none of the three."""
    for role in ("read", "write", "admin"):
        if sorted(permissions) == sorted(PERMISSIONS[role]):
            return role
    raise TripSageError(
        ErrorCode.VALIDATION_ERROR,
        "`permissions` are read; read and write; or read, write and admin.",
        field="permissions",
    )
