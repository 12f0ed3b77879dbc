"""Who is calling: JSON Web Tokens in, identities out."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, Protocol

import jwt

from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import USER_ID_PATTERN

Reason = Literal["expired", "signature", "malformed", "missing"]
PUBLIC_KEY_ALGORITHMS = ("RS256", "ES256", "EdDSA")
JWKS_TIMEOUT = 5.0  # seconds
JWKS_REFRESH = 30.0  # seconds between two fetches for a key that is not known
MAX_NAME = 128
REMEMBERED = 4096
"""Tokens that are known to be signed by the key that was asked: a client sends the same one with each request."""

_MESSAGES: Mapping[Reason, str] = {
    "expired": "The token has expired; get a new one and connect again.",
    "signature": "The token was not signed by this system's key.",
    "malformed": "The token is not a JSON Web Token with the claims sub and exp.",
    "missing": "Send a token: an Authorization: Bearer header, or connection_authenticate with token.",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller whose token was verified; it is theirs until `expires_at` (UTC)."""

    user_id: str
    user_name: str
    expires_at: datetime


class AuthenticationFailed(TripSageError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(ErrorCode.AUTHENTICATION_FAILED, _MESSAGES[reason], token_type="jwt", reason=reason)


class KeySource(Protocol):
    """Finds the key that a token's header asks for."""

    @property
    def algorithms(self) -> tuple[str, ...]: ...

    async def key_for(self, header: Mapping[str, Any]) -> Any:
        """Raises `AuthenticationFailed` for a key that this system does not have."""
        ...


class SharedSecret:
    """One HS256 key, known to whoever makes tokens and to this server."""

    algorithms = ("HS256",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def key_for(self, header: Mapping[str, Any]) -> str:
        return self._secret


class KeySet:
    """An identity provider's published keys (RFC 7517), fetched when first needed and when a key is unknown."""

    algorithms = PUBLIC_KEY_ALGORITHMS

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._keys: dict[str, Any] = {}
        self._fetched_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def key_for(self, header: Mapping[str, Any]) -> Any:
        key_id = header.get("kid")
        if not isinstance(key_id, str):
            raise AuthenticationFailed("malformed")
        if key_id not in self._keys:
            async with self._lock:
                await self._refresh()
        try:
            return self._keys[key_id]
        except KeyError:
            raise AuthenticationFailed("signature") from None

    async def _refresh(self) -> None:
        now = self._clock()
        if self._fetched_at and (now - self._fetched_at).total_seconds() < JWKS_REFRESH:
            return
        self._fetched_at = now
        import httpx  # slow to import, and most systems share a secret

        try:
            async with httpx.AsyncClient(timeout=JWKS_TIMEOUT) as client:
                response = (await client.get(self._url)).raise_for_status()
            self._keys = {
                key.key_id: key for key in jwt.PyJWKSet.from_dict(response.json()).keys if key.key_id
            }
        except (httpx.HTTPError, ValueError, jwt.PyJWKSetError) as error:
            raise TripSageError(
                ErrorCode.INTERNAL_ERROR, "The identity provider's keys cannot be read now; try again."
            ) from error


class Authenticator:
    """Verifies tokens. Algorithms are the key source's, never the token's own choice."""

    def __init__(
        self,
        keys: KeySource,
        clock: Callable[[], datetime],
        *,
        issuer: str | None = None,
        audience: str | None = None,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._header = lru_cache(REMEMBERED)(jwt.get_unverified_header)
        # What a key has signed stays so; when it expires is looked at each time.
        self._verified = lru_cache(REMEMBERED)(self._claims)

    async def identify(self, token: str | None) -> Identity:
        """The caller that this token names.

        Raises `AuthenticationFailed` with the reason, or `TripSageError` (`INTERNAL_ERROR`) when the
        identity provider cannot be reached.
        """
        if not token:
            raise AuthenticationFailed("missing")
        try:
            header = self._header(token)
        except jwt.InvalidTokenError:
            raise AuthenticationFailed("malformed") from None
        if header.get("alg") not in self._keys.algorithms:
            raise AuthenticationFailed("signature")
        return self._identity(self._verified(token, await self._keys.key_for(header)))

    def _claims(self, token: str, key: Any) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=list(self._keys.algorithms),
                issuer=self._issuer,
                audience=self._audience,
                options={
                    "require": ["sub", "exp"],
                    "verify_exp": False,  # checked below, by this system's clock
                    "verify_aud": self._audience is not None,
                },
            )
        except jwt.InvalidSignatureError:
            raise AuthenticationFailed("signature") from None
        except (jwt.InvalidTokenError, jwt.PyJWTError, TypeError, ValueError):
            raise AuthenticationFailed("malformed") from None

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        user_id, expires, name = claims["sub"], claims["exp"], claims.get("name")
        if not isinstance(user_id, str) or not re.fullmatch(USER_ID_PATTERN, user_id):
            raise AuthenticationFailed("malformed")
        try:
            expires_at = datetime.fromtimestamp(float(expires), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            raise AuthenticationFailed("malformed") from None
        if expires_at <= self._clock():
            raise AuthenticationFailed("expired")
        shown = name if isinstance(name, str) and name.strip() else user_id
        return Identity(user_id, shown[:MAX_NAME], expires_at)


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization: Bearer` header; another scheme's is no token but not nothing."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else header


def issue_token(secret: str, user_id: str, user_name: str | None, now: datetime, seconds: int) -> str:
    """A signed token for `user_id` that expires `seconds` from now (HS256)."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {"sub": user_id, "iat": issued, "exp": issued + seconds}
    if user_name:
        claims["name"] = user_name
    return jwt.encode(claims, secret, algorithm="HS256")
