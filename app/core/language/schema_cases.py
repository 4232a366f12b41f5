"""The JSON Schema of a rule's cases: what `cases.py` reads, told to editors."""

from __future__ import annotations

from app.core.language.cases import CODES
from app.core.language.schema_records import (
    ACHIEVEMENT,
    AMOUNT,
    DAY,
    ID,
    NAME,
    RECORD,
    RECORD_PARTS,
    TEXT,
    Schema,
    about,
    chosen,
    closed,
    one_of,
    one_or_many,
    ref,
    word,
)
from app.core.model.rule import NAMED_POLICIES, POLICIES

# What cannot hold for several achievements.
OWN = ("id", "credential")
EXPECTATION = ref("expectation")
PROGRESS = ref("progress")


def _same(form: str, keys: Schema) -> Schema:
    """Return properties that are those of another form, each by reference."""
    return {key: ref(f"{form}/properties/{key}") for key in keys}


EXPECTED: Schema = {
    "met": about("The verdict.", {"type": "boolean"}),
    "progress": about("How much of the award is reached.", PROGRESS),
    "counts": chosen(
        "For each requirement named, what counts toward it.",
        one_of(
            {
                "description": "Credentials with their credits.",
                "type": "object",
                "additionalProperties": AMOUNT,
            },
            one_or_many(NAME),
        ),
    ),
    "short": chosen(
        "Every requirement that is short, and by how much.", one_of(AMOUNT, ref("shortfall"))
    ),
    "refused": chosen("Every achievement that counts nowhere, and why.", ref("reason-code")),
    "because": about(
        "Every code among the reasons, of a conflict too.", one_or_many(ref("reason-code"))
    ),
    "averages": chosen("Reported means with two decimals, as text.", TEXT),
    "totals": chosen("How much of the requirements named is reached.", PROGRESS),
    "admission": about("The answer to the condition of entry.", word("met", "not-met", "pending")),
    "gates": chosen("Every gate, open or closed.", word("open", "closed")),
    "effects": about("What becomes of other awards.", one_or_many(ref("effect"))),
    "edition": about("The edition that binds the learner.", TEXT),
    "error": about("The code with which the audit is refused.", TEXT),
    "projected": about("The same with what is in progress.", EXPECTATION),
    "planned": about("The same with what is planned, too.", EXPECTATION),
    "awards": chosen("For each award in `with`, what is expected of it.", EXPECTATION),
}
CASE_PARTS: Schema = {
    **RECORD_PARTS,
    "record": RECORD,
    "case": closed(
        "a case",
        "A record with the audit that it is to have.",
        {
            "name": about("What the case shows; no two of a file are called the same.", NAME),
            "on": about("The day of the audit.", DAY),
            "with": about("Awards that are audited together with this one.", one_or_many(ID)),
            "policies": about("Other answers to try.", ref("case-policies")),
            "record": one_of(
                about("An earlier case, or a sample of the pack.", {"type": "string"}),
                ref("case-record"),
            ),
            "expect": about("What the audit is to say.", EXPECTATION),
        },
        *("name", "on", "record", "expect"),
    ),
    "case-policies": closed(
        "the policies of a case",
        "Answers that override those of the rule.",
        {
            **{name: word(*answers) for name, answers in POLICIES.items()},
            **dict.fromkeys(NAMED_POLICIES, NAME),
        },
    ),
    "case-record": closed(
        "a case's record",
        "A record, whole or by what it adds to another one.",
        {
            "like": about("An earlier case, or a sample of the pack, to start from.", TEXT),
            "without": about("Credentials to leave out of that.", one_or_many(ID)),
            "all": closed(
                "what holds for all",
                "Facts that every achievement listed here has unless it says otherwise.",
                _same(
                    "achievement",
                    {key: own for key, own in ACHIEVEMENT.items() if key not in OWN},
                ),
            ),
            **_same("record", RECORD["properties"]),
        },
    ),
    # Silence is never a pass.
    "expectation": {
        **closed("what is expected", "Each key is exhaustive: it lists all there is.", EXPECTED),
        "minProperties": 1,
    },
    "progress": {
        **closed(
            "an amount of progress", "Credits, or a number.", {"reached": AMOUNT, "of": AMOUNT}
        ),
        "minProperties": 1,
    },
    "shortfall": {
        **closed("a shortfall", "What is short.", {"credits": AMOUNT, "choose": AMOUNT}),
        "minProperties": 1,
        "maxProperties": 1,
    },
    "effect": closed(
        "an effect",
        "What becomes of another award, and when.",
        {"award": ID, "effect": TEXT, "on": DAY},
        *("award", "effect"),
    ),
    "reason-code": about("The code of a reason.", word(*CODES)),
}
