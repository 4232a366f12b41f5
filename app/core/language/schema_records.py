"""The JSON Schema of learner records: what `records.py` reads, told to editors."""

from __future__ import annotations

from typing import Any, TypeAlias, get_args

from app.core.language.adjustments import NEEDED, OPTIONAL
from app.core.language.form_values import AMOUNT_SCHEMA, IDENTIFIER
from app.core.language.records import GROUPS, STATUSES
from app.core.language.values import LARGEST_WHOLE, LONGEST_ID, LONGEST_TEXT
from app.core.model.credential import Relation, Size
from app.core.model.record import ADJUSTMENTS, AdjustmentKind, Naming, Source

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def ref(name: str) -> Schema:
    """Return the schema that stands in `$defs` under the name."""
    return {"$ref": f"#/$defs/{name}"}


def about(description: str, schema: Schema) -> Schema:
    """Return the schema with what an editor shows of it."""
    return {"description": description, **schema}


def one_or_many(schema: Schema) -> Schema:
    """Return the schema of a list that may hold nothing, or of one value without brackets."""
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def one_of(*schemas: Schema) -> Schema:
    """Return the schema of what fits any of several."""
    return {"anyOf": list(schemas)}


def word(*words: str) -> Schema:
    """Return the schema of one of some words."""
    return {"enum": list(words)}


def closed(title: str, description: str, properties: Schema, *required: str) -> Schema:
    """Return the schema of a mapping that has no other keys."""
    return {
        "title": title,
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": list(required)} if required else {}),
    }


def chosen(description: str, schema: Schema) -> Schema:
    """Return the schema of a mapping whose keys are names that its author chose."""
    return {
        "description": description,
        "type": "object",
        "propertyNames": NAME,
        "additionalProperties": schema,
    }


ID, NAME, TEXT, DAY, AMOUNT = map(ref, ("id", "name", "text", "day", "amount"))
FACT = one_of(
    TEXT,
    {"type": "integer", "minimum": -LARGEST_WHOLE, "maximum": LARGEST_WHOLE},
    {"type": "boolean"},
)
STATED = one_of(*FACT["anyOf"], {"type": "array", "items": TEXT})
ACHIEVEMENT: Schema = {
    "id": about("The achievement's own id; made from the credential if not given.", NAME),
    "credential": about("Which credential it is of.", ID),
    "status": about("How it stands; earned, if not said.", word(*STATUSES)),
    "credits": about("What it brought, if not what the credential says.", AMOUNT),
    "unit": about("The unit of these credits.", TEXT),
    "grade": about("A grade of one of the catalogue's scales.", TEXT),
    "started": about("The day it was begun.", DAY),
    "earned": about("The day it was completed, or will be.", DAY),
    "awarded": about("The day on the certificate.", DAY),
    "term": about("The term it was taken in.", TEXT),
    "source": about("How it came into the record; taken, if not said.", word(*get_args(Source))),
    "attempt": about(
        "Which attempt it was; the first, if not said.",
        {"type": "integer", "minimum": 0, "maximum": LARGEST_WHOLE},
    ),
    "registration": about("The learner's registration at the time.", TEXT),
    "used_in": about("Awards it counts in already.", one_or_many(ID)),
    "attributes": ref("stated"),
}
ENTRY: Schema = {key: own for key, own in ACHIEVEMENT.items() if key != "status"}
TEXTS, NAMES, IDS = map(one_or_many, (TEXT, NAME, ID))
CREDENTIAL: Schema = {
    "id": about("The id by which achievements name it.", ID),
    "title": TEXT,
    "issuer": about("Who issues it; the catalogue need not list them.", ID),
    "type": TEXT,
    "credits": AMOUNT,
    "unit": about("The unit of its credits, one that the catalogue knows.", NAME),
    "level": ref("level"),
    "relation": word(*get_args(Relation)),
    "size": word(*get_args(Size)),
    "fields": about("ISCED-F codes.", NAMES),
    "tags": NAMES,
    "outcomes": TEXTS,
    "skills": TEXTS,
    "assessment": TEXT,
    "quality_assurance": TEXT,
    "workload": TEXT,
    "participation": TEXT,
    "mode": TEXT,
    "language": TEXT,
    "prerequisites": IDS,
    "equivalents": about("What it stands for, such as a course of the catalogue.", IDS),
    "retired": DAY,
}
MILESTONE: Schema = {"name": NAME, "on": DAY}
ATTESTATION: Schema = {"requirement": TEXT, "role": TEXT, "by": TEXT, "on": DAY}
ADJUSTMENT: Schema = {
    "id": NAME,
    "kind": word(*get_args(AdjustmentKind)),
    "award": about("The award it is for; `any` is whichever has what it names.", ID),
    "requirement": about("The id of the requirement or condition it is about.", NAME),
    "reason": TEXT,
    "by": TEXT,
    "on": about("The day from which it holds.", DAY),
    "expires": about("The first day on which it holds no more.", DAY),
    "achievement": about("The id of the achievement it is about.", NAME),
    "credential": about("The credential that is also allowed, or stood for.", ID),
    "amount": about("The amount that holds instead.", AMOUNT),
}


def needs_of_kind(kind: AdjustmentKind) -> Schema:
    """Return the schema of what an adjustment of a kind names, and of what it may not."""
    needed = ADJUSTMENTS[kind]
    barred = [one for one in get_args(Naming) if one not in (*needed, *OPTIONAL.get(kind, ()))]
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"required": list(needed), "properties": dict.fromkeys(barred, False)},
    }


RECORD: Schema = closed(
    "a learner record",
    "What is known of one learner: a file in records/, and the record of a request.",
    {
        "learner": about("The learner's id.", NAME),
        "credentials": about(
            "Credentials that no catalogue lists, described for this record alone.",
            one_or_many(ref("credential")),
        ),
        "achievements": about(
            "What was, is being or will be learnt, each with its status; at most 2000 in all.",
            one_or_many(one_of(ID, ref("achievement"))),
        ),
        **{
            key: about(
                f"Achievements whose status is {status}.", one_or_many(one_of(ID, ref("entry")))
            )
            for key, status in GROUPS.items()
        },
        "milestones": about(
            "Steps without credit, with their days.",
            one_of(chosen("The day of each step.", DAY), one_or_many(ref("milestone"))),
        ),
        "attestations": about("What persons have confirmed.", one_or_many(ref("attestation"))),
        "attributes": ref("attributes"),
        "declared": about("Awards the learner has declared.", one_or_many(ID)),
        "adjustments": about(
            "Decisions that change an audit.",
            one_or_many(ref("adjustment")),
        ),
    },
)
RECORD_PARTS: Schema = {
    "id": {"type": "string", "maxLength": LONGEST_ID, "pattern": f"^{IDENTIFIER}$"},
    "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_TEXT,
        "pattern": r"^\S(.*\S)?$",
    },
    "text": {"type": "string", "maxLength": LONGEST_TEXT},
    "day": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "amount": about("A whole number, or a decimal in quotes.", AMOUNT_SCHEMA),
    "attributes": chosen("Attributes that the catalogue declares.", FACT),
    "stated": chosen(
        "Attributes that the catalogue declares; one that is text may have several values.",
        STATED,
    ),
    "level": closed(
        "a level",
        "A step of a framework of levels.",
        {
            "framework": NAME,
            "at": {"type": "integer", "minimum": 0, "maximum": LARGEST_WHOLE},
        },
        *("framework", "at"),
    ),
    "credential": {
        **closed(
            "a credential",
            "A credential as a catalogue would list it; other keys are declared attributes.",
            CREDENTIAL,
            *("id", "title", "issuer"),
        ),
        "propertyNames": NAME,
        "additionalProperties": STATED,
    },
    "achievement": closed(
        "an achievement",
        "One learner's instance of a credential.",
        ACHIEVEMENT,
        "credential",
    ),
    "entry": closed(
        "an achievement of a group",
        "An achievement whose status is that of its list.",
        ENTRY,
        "credential",
    ),
    "milestone": closed("a milestone", "A step without credit.", MILESTONE, *MILESTONE),
    "attestation": closed(
        "an attestation",
        "A person's confirmation, in a role, of a requirement.",
        ATTESTATION,
        *ATTESTATION,
    ),
    "adjustment": {
        **closed("an adjustment", "A person's dated, reasoned decision.", ADJUSTMENT, *NEEDED),
        "allOf": [needs_of_kind(kind) for kind in ADJUSTMENTS],
    },
}


def record_schema() -> Schema:
    """Return the schema that a record has to fit, dates written as text."""
    return {"$schema": DIALECT, **RECORD, "$defs": RECORD_PARTS}
