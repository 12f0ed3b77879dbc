"""Why something about a trip is refused, in the words of the table of errors."""

from app.contract.errors import ErrorCode, Gone, Moved, TripSageError
from app.contract.trip import MAX_COLLABORATORS
from app.domain.roles import Role, allows
from app.storage.trips import Stored

NO_SUCH_TRIP = "There is no such trip, or it is not yours."
DELETED = "The trip was deleted."


def check(stored: Stored, needed: Role) -> None:
    if stored.status == "gone":
        raise Gone(DELETED)
    if stored.status == "not_found":
        raise TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_TRIP)
    if not allows(stored.role, needed):
        raise refusal("forbidden")


def check_version(stored: Stored, if_match: int | None) -> None:
    if if_match is not None and if_match != stored.snapshot.version:
        raise Moved("The trip has changed since.", current_version=stored.snapshot.version)


def check_epoch(stored: Stored, epoch: str | None) -> None:
    if epoch not in (None, stored.snapshot.epoch):
        raise TripSageError(
            ErrorCode.CONFLICT,
            "The trip's history was lost since, and its versions are others now; read it again.",
            resync=True,
            current_version=stored.snapshot.version,
        )


def refusal(status: str) -> TripSageError:
    match status:
        case "gone":
            return Gone(DELETED)
        case "forbidden":
            return TripSageError(ErrorCode.FORBIDDEN, "Your permissions on the trip do not allow this.")
        case "unknown":
            return TripSageError(
                ErrorCode.NOT_FOUND, "There is no such invitation, or it was withdrawn; ask for a new one."
            )
        case "expired":
            return Gone("The invitation has expired; ask for a new one.")
        case "used_up":
            return Gone("The invitation was taken as often as it could be; ask for a new one.")
        case "barred":
            return TripSageError(
                ErrorCode.FORBIDDEN,
                "Your permissions on the trip were taken away; its admins can give them back.",
            )
        case "over":
            return Gone(
                "The conflict is over: it was settled, or nobody did so in time. Edit the field again."
            )
        case "full":
            return TripSageError(
                ErrorCode.LIMIT_EXCEEDED, f"A trip has at most {MAX_COLLABORATORS} collaborators."
            )
        case "too_large":
            return TripSageError(ErrorCode.PAYLOAD_TOO_LARGE, "The trip would be larger than one may be.")
        case _:
            return TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_TRIP)


def crowded() -> TripSageError:
    return TripSageError(
        ErrorCode.RATE_LIMITED, "Too many people change the same now; try again.", retry_after=1.0
    )
