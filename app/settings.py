"""Settings, from the environment, read once."""

from __future__ import annotations

from os import cpu_count, environ
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.services.setup_errors import SettingsError


class Settings(BaseSettings):
    """What an operator can set; each is named `CAIRN_` and the name here."""

    model_config = SettingsConfigDict(env_prefix="CAIRN_", frozen=True, populate_by_name=True)

    database: Annotated[str, Field(min_length=1)] = str(Path("var") / "cairn.db")
    """A file for SQLite, or a SQLAlchemy URL."""
    rules: Path = Path("rules")
    """The directory of rule packs."""
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, validation_alias=AliasChoices("CAIRN_PORT", "PORT"))
    ] = 8000
    workers: Annotated[int, Field(ge=1, le=256)] = cpu_count() or 1
    """How many processes work through runs over a population."""
    demo: bool = False
    """Load the rule packs and made-up learners."""

    @classmethod
    def read(cls) -> Settings:
        """Return what the environment says; SettingsError names all that is wrong with it."""
        try:
            return cls()
        except ValidationError as broken:
            raise SettingsError([_finding(one) for one in broken.errors()]) from None

    @property
    def database_url(self) -> str:
        """The database as a SQLAlchemy URL; PostgreSQL is spoken to by psycopg 3."""
        if "://" not in self.database:
            return f"sqlite:///{self.database}"
        scheme, _, rest = self.database.partition("://")
        plain = scheme in {"postgres", "postgresql"}
        return f"postgresql+psycopg://{rest}" if plain else self.database


def _finding(error: ErrorDetails) -> str:
    name = str(error["loc"][0]).upper()
    variable = name if name.startswith("CAIRN_") else f"CAIRN_{name}"
    if variable not in environ:
        variable = variable.removeprefix("CAIRN_")
    why = error["msg"].lower()
    if error["type"] == "int_parsing":
        why = "write a whole number"
    return f"`{variable}` cannot be `{error['input']}`: {why}"
