"""The codes of diagnostics: one line each, permanent, never used again for something else."""

from __future__ import annotations

from collections.abc import Mapping

READING: dict[str, str] = {
    "CN0101": "the file is not well-formed YAML",
    "CN0102": "a key stands twice",
    "CN0103": "anchors, aliases and merge keys are not used",
    "CN0104": "tags are not used",
    "CN0105": "a number with a decimal point is not quoted",
    "CN0106": "a whole number is written in an unusual way",
    "CN0107": "a whole number is too long",
    "CN0108": "a date does not exist or is not written in full",
    "CN0109": "a time of day stands where only dates are used",
    "CN0110": "the file holds several documents",
    "CN0111": "the file is not UTF-8",
    "CN0112": "a tab stands in the file",
    "CN0113": "a character that cannot be seen stands in the file",
    "CN0114": "the file is empty",
    "CN0115": "a key is not text",
    "CN0116": "the file is too large",
    "CN0117": "the file holds too many values",
    "CN0118": "values are nested too deep",
    "CN0119": "further problems are not listed",
    "CN0120": "true, false or null is written in an unusual way",
    "CN0121": "directives are not used",
    "CN0122": "an escape names no character",
}

SHAPE: dict[str, str] = {
    "CN0201": "a key is unknown there",
    "CN0202": "a key is missing",
    "CN0203": "a value is of the wrong kind",
    "CN0204": "a word is not one of those that may stand there",
    "CN0205": "a text or a list is too short or too long",
    "CN0206": "a name, an id or an address is not written as one",
    "CN0207": "an amount is not written as one",
    "CN0208": "a share is not written as one",
    "CN0209": "a span of time is not written as one",
    "CN0210": "a requirement or a bound does not say what it asks for",
    "CN0211": "two forms stand together",
    "CN0212": "an id stands twice",
    "CN0213": "a range or a period ends before it begins",
    "CN0214": "a range has no ends",
    "CN0215": "`exactly` stands without `credential`",
    "CN0216": "a list names the same thing twice",
    "CN0217": "a key has no value",
    "CN0218": "a level has no framework",
    "CN0219": "a requirement shares with one that cannot share",
    "CN0220": "a group asks for more parts than it has",
    "CN0221": "a change does not say once for whom, or how much",
    "CN0222": "a circumstance says nothing",
    "CN0223": "a block is not there, asks for nothing, or uses itself",
    "CN0224": "the parameters of a block do not fit",
    "CN0225": "a requirement looks for what counts where nothing counts",
}

# CN0302 stood for ways of writing a value that were not supported yet; it is gone for good.
NOT_YET: dict[str, str] = {}

NAMES: dict[str, str] = {
    "CN0401": "a credential is not in the catalogue",
    "CN0402": "a credential was retired before the edition came into force",
    "CN0403": "an award is not in the catalogue",
    "CN0404": "an attribute is not declared",
    "CN0405": "an issuer is not in the catalogue",
    "CN0406": "no credential of the catalogue has a value",
    "CN0407": "a selector matches no credential of the catalogue",
    "CN0408": "a value is not of the attribute's type",
    "CN0409": "the grade scale has no such grade",
    "CN0410": "no credential has a level in a framework",
    "CN0411": "nothing else names the day that is measured from or to",
    "CN0412": "a nested award has no rule to be met",
    "CN0413": "nothing else names a milestone that a circumstance asks for",
}

POLICIES: dict[str, str] = {
    "CN0501": "a policy that the rule depends on is not stated",
    "CN0502": "a policy does not exist",
    "CN0503": "a policy has no such answer",
    "CN0504": "a policy names what the catalogue does not define",
    "CN0505": "nothing converts the credits of what may count",
}

SENSE: dict[str, str] = {
    "CN0601": "a cap lies below its floor",
    "CN0602": "more is asked for than the award totals",
    "CN0603": "more credentials are asked for than can count",
    "CN0604": "more credits are asked for than all that can count brings",
    "CN0605": "a credential is compulsory twice",
    "CN0606": "two caps may trim the same credential",
    "CN0607": "an exclusion excludes nothing",
    "CN0608": "a window never says more than the one around it",
    "CN0609": "a range of grades is upside down",
    "CN0610": "the rule has no cases",
    "CN0611": "no case expects the rule to be met",
    "CN0612": "no case expects the rule not to be met",
    "CN0613": "a requirement is always met",
    "CN0614": "what may count cannot add up to what is asked for",
    "CN0615": "nobody reaches a side of a `when`",
    "CN0620": "a requirement comes after one that cannot come before it",
    "CN0621": "more is asked of the latest than there is of it",
    "CN0622": "a nested award counts in another unit",
    "CN0623": "an award is nested in itself",
    "CN0624": "nested awards make a rule too large",
    "CN0625": "as many parts may be used as there are",
}

# CN0708 stood for adjustments that were not supported yet; it is gone for good.
RECORDS: dict[str, str] = {
    "CN0701": "something stands twice in a record",
    "CN0702": "a record holds too much",
    "CN0703": "a record names a credential that the catalogue does not know",
    "CN0704": "a day lies after the audit's day",
    "CN0705": "a record has a grade that no scale knows",
    "CN0706": "a record has a unit of credit that the catalogue does not know",
    "CN0707": "a record has an attribute that the catalogue does not declare",
    "CN0709": "an attribute of a record is not of its type",
    "CN0710": "a record describes a credential that the catalogue lists",
    "CN0711": "an adjustment names less or more than its kind needs",
}

CATALOGUES: dict[str, str] = {
    "CN0801": "something stands twice in a catalogue",
    "CN0802": "a catalogue names an issuer or credential that it does not list",
    "CN0803": "an attribute is called like a key that has a meaning already",
    "CN0804": "a grade ranks like one that does not stand above it",
    "CN0805": "a rate of conversion is not written as one",
    "CN0806": "an id does not begin with its institution",
    "CN0807": "a pack has no catalogue",
    "CN0808": "a credential is needed before itself",
}

CASES: dict[str, str] = {
    "CN0901": "two cases have the same name",
    "CN0902": "a case starts from a record that is not there",
}

IMPORTS: dict[str, str] = {
    "CN1101": "a part of an imported file is not carried over",
    "CN1102": "an imported file is not written as its format has it",
    "CN1103": "what is made of an imported file is no rule",
}

WHOLE: dict[str, str] = {
    "CN1001": "earning more may lower the progress",
    "CN1002": "a requirement is always met where others are",
    "CN1003": "a choice is never needed",
    "CN1004": "the rule is built so that it may take long to decide",
}

DECIDED: dict[str, str] = {
    "CN1005": "a requirement can never be met",
    "CN1006": "requirements can never all be met",
    "CN1007": "a choice can never be met",
}

CODES: Mapping[str, str] = {
    **READING,
    **SHAPE,
    **NOT_YET,
    **NAMES,
    **POLICIES,
    **SENSE,
    **RECORDS,
    **CATALOGUES,
    **CASES,
    **IMPORTS,
    **WHOLE,
    **DECIDED,
}
