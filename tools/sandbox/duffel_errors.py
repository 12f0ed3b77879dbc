"""Refusals in Duffel's words."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from .draws import identity
from .wire import Response, json_response

_DOCUMENTATION = "https://duffel.com/docs/api/overview/errors"


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the errors of an answer; `field` and `pointer` say where, for validation errors."""

    type: str
    code: str
    title: str
    message: str
    field: str | None = None
    pointer: str | None = None

    def body(self) -> dict[str, Any]:
        source = {"source": {"field": self.field, "pointer": self.pointer}} if self.field else {}
        return {
            "type": self.type,
            "title": self.title,
            "message": self.message,
            "documentation_url": _DOCUMENTATION,
            "code": self.code,
            **source,
        }


class Refused(Exception):
    """The request is answered with this status and these problems, `after` so many seconds."""

    def __init__(self, status: int, *problems: Problem, after: float = 0.0) -> None:
        super().__init__(status, *problems)
        self.status = status
        self.problems = problems
        self.after = after


def refusal(refused: Refused, request_id: str, headers: dict[str, str]) -> Response:
    body = {
        "errors": [problem.body() for problem in refused.problems],
        "meta": {"status": refused.status, "request_id": request_id},
    }
    return json_response(refused.status, body, headers)


def required(field: str, pointer: str) -> Problem:
    return Problem(
        "validation_error",
        "validation_required",
        "Required field",
        f"Field '{field}' can't be blank",
        field,
        pointer,
    )


def malformed(field: str, pointer: str, why: str = "is invalid") -> Problem:
    return Problem(
        "validation_error", "validation_format", "Invalid format", f"Field '{field}' {why}", field, pointer
    )


def not_included(field: str, pointer: str, why: str = "is invalid") -> Problem:
    return Problem(
        "validation_error",
        "validation_inclusion",
        "Invalid value",
        f"Field '{field}' {why}",
        field,
        pointer,
    )


def not_found(what: str) -> Refused:
    return Refused(
        404,
        Problem(
            "invalid_request_error",
            "not_found",
            "Resource not found",
            f"The resource you are trying to access does not exist: {what}",
        ),
    )


def no_airline_answers(after: float) -> Refused:
    problem = Problem(
        "api_error",
        "gateway_timeout_error",
        "Gateway timeout",
        "The airlines did not respond in time. Please try again later.",
    )
    return Refused(504, problem, after=after)


def _state(code: str, title: str, message: str) -> Refused:
    return Refused(422, Problem("invalid_state_error", code, title, message))


MISSING_TOKEN = Refused(
    401,
    Problem(
        "authentication_error",
        "missing_authorization_header",
        "Missing authorization header",
        "The 'Authorization' header needs to be set and contain a valid API token.",
    ),
)
UNKNOWN_TOKEN = Refused(
    401,
    Problem(
        "authentication_error",
        "access_token_not_found",
        "Access token not found",
        "The access token used is not recognized by our system",
    ),
)
EXPIRED_TOKEN = Refused(
    401,
    Problem(
        "authentication_error",
        "expired_access_token",
        "Expired access token",
        "The access token used has expired",
    ),
)
MISSING_VERSION = Refused(
    400,
    Problem(
        "invalid_request_error",
        "missing_version_header",
        "Missing version header",
        "The 'Duffel-Version' header needs to be set and should be a valid API version.",
    ),
)
UNSUPPORTED_VERSION = Refused(
    400,
    Problem(
        "invalid_request_error",
        "unsupported_version",
        "Unsupported version",
        "The version set to the 'Duffel-Version' header is no longer supported by the API.",
    ),
)
UNREADABLE = Refused(
    400,
    Problem(
        "invalid_request_error",
        "malformed_request",
        "Malformed request",
        "The request body could not be parsed as a JSON object with 'data'.",
    ),
)
EXPIRED_OFFER = Refused(
    422,
    Problem(
        "invalid_state_error",
        "offer_expired",
        "Offer expired",
        "The provided offer expired. Please create another offer request to get the latest offers.",
    ),
)
GONE_OFFER = Refused(
    422,
    Problem(
        "airline_error",
        "offer_no_longer_available",
        "Requested offer is no longer available",
        "Please select another offer, or create a new offer request to get the latest availability.",
    ),
)
PRICE_CHANGED = Refused(
    422,
    Problem(
        "airline_error",
        "price_changed",
        "Price changed",
        "The price of the selected offer is another now. Please retrieve the offer and try again.",
    ),
)
ALREADY_BOOKED = Refused(
    422,
    Problem(
        "invalid_state_error",
        "offer_request_already_booked",
        "Offer request already booked",
        "An offer of this offer request has been booked. Please create another offer request.",
    ),
)
PAID_AT_ONCE = Refused(
    422,
    Problem(
        "invalid_state_error",
        "order_type_not_available",
        "Order type not available",
        "The selected offer requires instant payment, so there can be no hold order of it.",
    ),
)
NOT_ELIGIBLE_FOR_PAYMENT = Refused(
    422,
    Problem(
        "validation_error",
        "order_type_not_eligible_for_payment",
        "Order type not eligible for payment",
        "Only orders of type 'hold' can be paid for.",
        "order_id",
        "/order_id",
    ),
)
ALREADY_PAID = _state("already_paid", "Already paid", "The order has already been paid for.")
ALREADY_CANCELLED = _state("already_cancelled", "Already cancelled", "The order has already been cancelled.")
PAST_PAYMENT_REQUIRED_BY = _state(
    "past_payment_required_by_date",
    "Past payment required by date",
    "The time to pay for the order has passed.",
)
EXPIRED_CANCELLATION = _state(
    "order_cancellation_expired",
    "Order cancellation expired",
    "The order cancellation can no longer be confirmed. Please create another one.",
)
INSUFFICIENT_BALANCE = _state(
    "insufficient_balance", "Insufficient balance", "The balance is too low to pay for the order."
)
AIRLINE_UNKNOWN = Refused(
    502,
    Problem(
        "airline_error",
        "airline_unknown",
        "Airline error",
        "The airline answered with an error. The order was not created.",
    ),
)
RATE_LIMITED = Refused(
    429,
    Problem(
        "rate_limit_error",
        "rate_limit_exceeded",
        "Rate limit exceeded",
        "Too many requests hit the API too quickly. Please retry your request after the time specified"
        " in the ratelimit-reset header returned in the response",
    ),
)


def rate_headers(limit: int, remaining: int, resets_at: datetime) -> dict[str, str]:
    """`ratelimit-reset` is a date, not seconds."""
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(max(0, remaining)),
        "ratelimit-reset": format_datetime(resets_at, usegmt=True),
    }


def request_id(*subject: str | int) -> str:
    return "F" + identity("", *subject)[-19:]
