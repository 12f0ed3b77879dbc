"""What an order is paid with. The sandbox's balance never ends, but on Duffel's test route for that."""

import re
from typing import Any, NamedTuple

from .duffel_errors import Problem, Refused, malformed, not_included, required
from .duffel_json import as_items, as_object

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_TYPES = ("balance",)


class Payment(NamedTuple):
    type: str
    amount: str
    currency: str

    def check_against(self, order: dict[str, Any], pointer: str) -> None:
        """Raises `Refused` when it is not the order's total, to the cent."""
        problems: list[Problem] = []
        if self.currency != order["total_currency"]:
            problems.append(_mismatch("currency", pointer))
        elif _cents(self.amount) != _cents(order["total_amount"]):
            problems.append(_mismatch("amount", pointer))
        if problems:
            raise Refused(422, *problems)


def payment_of(value: Any, pointer: str, problems: list[Problem]) -> Payment:
    """What is wrong with it is added to the problems."""
    given = as_object(value)
    for field, is_good in (
        ("type", _TYPES.__contains__),
        ("amount", _AMOUNT.fullmatch),
        ("currency", re.compile("[A-Z]{3}").fullmatch),
    ):
        one, where = given.get(field), f"{pointer}/{field}"
        if one is None or one == "":
            problems.append(required(field, where))
        elif not (isinstance(one, str) and is_good(one)):
            is_choice = field == "type"
            problems.append(not_included(field, where) if is_choice else malformed(field, where))
    return Payment(*(str(given.get(field)) for field in Payment._fields))


def payment_of_order(value: Any, problems: list[Problem]) -> Payment | None:
    """The one payment of an instant order."""
    payments = as_items(value)
    if not payments:
        problems.append(required("payments", "/payments"))
        return None
    if len(payments) > 1:
        problems.append(not_included("payments", "/payments", "should have 1 item(s)"))
    return payment_of(payments[0], "/payments/0", problems)


def _cents(amount: str) -> int:
    whole, _, rest = amount.partition(".")
    return int(whole) * 100 + int(f"{rest:0<2}" or 0)


def _mismatch(field: str, pointer: str) -> Problem:
    return Problem(
        "validation_error",
        f"payment_{field}_does_not_match_order_{field}",
        f"Payment {field} does not match",
        f"The {field} of the payment must be that of the order's total.",
        field,
        f"{pointer}/{field}",
    )
