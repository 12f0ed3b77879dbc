"""Tokens for people at a terminal: signed here, checked by the gateway like any other."""

from datetime import UTC, datetime, timedelta

import jwt

from app.cli.errors import CannotStart
from app.settings import Settings, dev_secret


def make_token(settings: Settings, *, user: str, name: str | None = None, minutes: int = 60) -> str:
    """A JWT for `user` that lives for `minutes`.

    Raises `CannotStart` where this machine holds no key to sign with.
    """
    now = datetime.now(UTC)
    claims = {
        "sub": user,
        "name": name or user.replace("_", " ").replace(".", " ").title(),
        "iat": now,
        "exp": now + timedelta(minutes=minutes),
    }
    if settings.jwt_issuer:
        claims["iss"] = settings.jwt_issuer
    if settings.jwt_audience:
        claims["aud"] = settings.jwt_audience
    return jwt.encode(claims, _signing_key(settings), algorithm="HS256")


def _signing_key(settings: Settings) -> str:
    if settings.auth == "dev":
        return dev_secret(settings.data_dir)
    if settings.jwt_secret is None:
        raise CannotStart(
            "Tokens come from your identity provider (TRIPSAGE_JWKS_URL): pass one with TRIPSAGE_TOKEN"
        )
    return settings.jwt_secret
