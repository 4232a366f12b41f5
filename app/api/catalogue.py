"""Credentials and issuers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.bodies import Body, body_problems
from app.api.dependencies import Cursor, Demanded, IfNoneMatch, Limit, NoteDep, ServicesDep
from app.api.describing import UNCHANGED, answers, body
from app.api.examples import CREDENTIAL
from app.api.problems import problems
from app.api.replying import etag, listed, reply, tagged
from app.api.request_shapes import CredentialRequest
from app.api.requests import credential_id_of, described
from app.api.shapes import credential
from app.api.views import CredentialListView, CredentialView, IssuerListView
from app.services.basis import institution_of
from app.services.catalogue import CredentialRefusedError
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    StaleRevisionError,
    UnknownCredentialError,
    UnknownInstitutionError,
    UnknownIssuerError,
)
from app.services.stored import CredentialQuery

router = APIRouter(tags=["catalogue"])


class CredentialFilter(BaseModel):
    """What a credential must match; each filter is named as its field is."""

    text: str = Field(default="", description="Stands in the id or the title.")
    type: str = ""
    issuer: str = ""
    institution: str = ""
    tag: str = ""
    field: str = Field(default="", description="An ISCED-F code or its beginning.")
    framework: str = ""
    level: int | None = None
    unit: str = ""
    cursor: str | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, description="How many at most, up to 200.")

    def query(self) -> CredentialQuery:
        """Return the filters without the paging."""
        return CredentialQuery(**self.model_dump(exclude={"cursor", "limit"}))


@router.get(
    "/credentials",
    summary="Search the catalogue",
    responses={
        **answers(CredentialListView, "A page of the credentials that match."),
        **problems(BadCursorError, BadLimitError),
    },
)
def search_credentials(
    services: ServicesDep, wanted: Annotated[CredentialFilter, Query()]
) -> Response:
    """Return the credentials that match every filter, by id."""
    found = services.catalogue.search(wanted.query(), wanted.cursor, wanted.limit)
    return listed(found, credential)


@router.get(
    "/credentials/{credential_id:path}",
    summary="One credential",
    responses={
        **answers(CredentialView, "The credential.", "ETag"),
        **UNCHANGED,
        **problems(UnknownCredentialError),
    },
)
def read_credential(
    credential_id: str, services: ServicesDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Return a credential, and which of the mandatory elements are there."""
    entry = services.catalogue.get(credential_id)
    return tagged(credential(entry), entry.revision, if_none_match)


@router.put(
    "/credentials/{credential_id:path}",
    summary="Write a credential",
    responses={
        **answers(CredentialView, "The credential as it was or became.", "ETag"),
        **answers(CredentialView, "A new credential.", "ETag", status=201),
        **body_problems(
            *(CredentialRefusedError, StaleRevisionError),
            *(UnknownInstitutionError, UnknownIssuerError),
            plain=(428,),
        ),
    },
    openapi_extra=body(CredentialRequest, CREDENTIAL),
)
def write_credential(
    credential_id: str, value: Body, services: ServicesDep, note: NoteDep, revision: Demanded
) -> Response:
    """Keep a credential; `If-Match: *` writes whatever is there, an empty one only a new one."""
    name = credential_id_of(credential_id)
    tables = services.catalogue.tables(institution_of(name))
    wanted = described(name, value, tables.attributes)
    entry, new = services.catalogue.put(wanted, note, revision)
    status = HTTPStatus.CREATED if new else HTTPStatus.OK
    return reply(credential(entry), status, ETag=etag(entry.revision))


@router.get(
    "/issuers",
    summary="Who issues credentials",
    responses={
        **answers(IssuerListView, "A page of the issuers."),
        **problems(BadCursorError, BadLimitError),
    },
)
def list_issuers(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Return the issuers, by id."""
    return listed(
        services.catalogue.issuers(cursor, limit),
        lambda one: {"id": one.id, "title": one.title, "country": one.country},
    )
