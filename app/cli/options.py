# pyright: reportUnknownMemberType=false
"""What several commands take."""

import os
from typing import Any

import rich_click as click

from app import settings as settings_module
from app.settings import Settings


def load_settings() -> Settings:
    return settings_module.load(os.environ)


def to_a_server(command: Any) -> Any:
    """Options of commands that talk to a server."""
    options = (
        click.option("--url", metavar="URL", help="The server (default: that of tripsage up here)."),
        click.option(
            "--token", metavar="JWT", envvar="TRIPSAGE_TOKEN", show_envvar=True, help="Who you are."
        ),
        click.option(
            "--user", default="alice", show_default=True, help="Who you are on a development server."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
