"""What the codes of a claim acknowledgment mean, in our own few words.

X12 publishes the code lists (claim status category 507, claim status 508) and owns their
sentences. These are our paraphrases of those that an office meets; any other code is shown as
the number that it is, with x12.org/codes as the place to look it up.
"""

from __future__ import annotations

import enum

WHERE_TO_LOOK = "x12.org/codes"


class Verdict(enum.StrEnum):
    """What a status asks of the office.

    ``accepted``: the receiver took the claim in. ``rejected``: nobody works on it; mend it and
    send it again as new. ``pending``: received, or being worked on. ``final``: decided; the
    remittance says the rest. ``unknown``: no status that we know.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"
    FINAL = "final"
    UNKNOWN = "unknown"


_CATEGORIES = {
    "A0": (Verdict.PENDING, "Forwarded to another receiver"),
    "A1": (Verdict.PENDING, "Received, not yet accepted"),
    "A2": (Verdict.ACCEPTED, "Accepted"),
    "A3": (Verdict.REJECTED, "Returned unprocessed"),
    "A4": (Verdict.REJECTED, "Not found"),
    "A5": (Verdict.ACCEPTED, "Accepted and split into several claims"),
    "A6": (Verdict.REJECTED, "Rejected, information is missing"),
    "A7": (Verdict.REJECTED, "Rejected, information is wrong"),
    "A8": (Verdict.REJECTED, "Rejected, fields contradict each other"),
    "D0": (Verdict.UNKNOWN, "Nothing found for this question"),
    "E0": (Verdict.UNKNOWN, "The question could not be answered"),
    "E1": (Verdict.UNKNOWN, "The payer's system is not available"),
    "E2": (Verdict.UNKNOWN, "The payer's system did not respond"),
    "E3": (Verdict.UNKNOWN, "The question breaks one of the payer's rules"),
    "E4": (Verdict.UNKNOWN, "The other party did not respond"),
    "F0": (Verdict.FINAL, "Decided"),
    "F1": (Verdict.FINAL, "Decided, paid"),
    "F2": (Verdict.FINAL, "Decided, denied"),
    "F3": (Verdict.FINAL, "Decided again, changed"),
    "F3F": (Verdict.FINAL, "Decided again, forwarded"),
    "F3N": (Verdict.FINAL, "Decided again, not forwarded"),
    "F4": (Verdict.FINAL, "Decided, no payment will follow"),
    "F5": (Verdict.FINAL, "Decided, cannot be worked on"),
    "P0": (Verdict.PENDING, "Pending"),
    "P1": (Verdict.PENDING, "Pending, in process"),
    "P2": (Verdict.PENDING, "Pending, under review by the payer"),
    "P3": (Verdict.PENDING, "Pending, the provider was asked for something"),
    "P4": (Verdict.PENDING, "Pending, the patient was asked for something"),
    "P5": (Verdict.PENDING, "Pending, stopped by the payer's system"),
    "RQ": (Verdict.PENDING, "The payer asks for information"),
    "X0": (Verdict.UNKNOWN, "A fault in the answer"),
}
_REQUEST = "The payer asks for information"

_STATUSES = {
    "0": "no further status is given electronically",
    "1": "see the remittance",
    "2": "a letter says more",
    "3": "decided, waits for the payment run",
    "16": "forwarded",
    "17": "forwarded by a third party",
    "18": "receiver answered with an unusable status",
    "19": "receipt confirmed",
    "20": "taken into processing",
    "21": "information missing or wrong",
    "23": "returned",
    "24": "not enrolled to send electronically",
    "25": "not approved",
    "26": "not found",
    "27": "policy cancelled",
    "29": "subscriber and policy number do not match",
    "30": "subscriber and member ID do not match",
    "31": "subscriber and policyholder names do not match",
    "32": "subscriber and policy number not on file",
    "33": "subscriber and member ID not on file",
    "34": "subscriber and policyholder name not on file",
    "35": "claim not on file",
    "38": "waits for the next processing run",
    "40": "waits for final approval",
    "41": "needs special handling at the payer",
    "42": "waits for related charges",
    "45": "benefits are being determined",
    "46": "internal review",
    "49": "provider's accreditation under review",
    "50": "provider is being verified",
    "52": "payer looks for other insurance",
    "53": "member ID or group number is being looked into",
    "54": "duplicate of a claim already processed",
    "55": "with an examiner",
    "56": "eligibility is being determined",
    "59": "information was asked for, not electronically",
    "60": "information was asked for electronically",
    "65": "paid",
    "72": "payment was split",
    "78": "duplicate of a claim in process",
    "84": "service was not authorized",
    "85": "is not the primary payer",
    "86": "diagnosis does not go with the sex",
    "88": "no benefits on the service dates",
    "90": "no medical benefits on the service dates",
    "91": "not eligible or approved on the service dates",
    "93": "not the chosen primary care provider",
    "94": "no referral by the primary care provider",
    "95": "requested information never came",
    "96": "no agreement with this party",
    "97": "patient has no coverage there",
    "98": "charges went to the deductible",
    "101": "processed as a change of an earlier claim",
    "103": "combined with other claims",
    "104": "processed by the plan's rules",
    "105": "covered by a monthly per-member payment",
    "106": "not this party's responsibility",
    "107": "processed by the contract's rules",
    "109": "not eligible",
    "114": "belongs to another party",
    "116": "sent to the wrong payer",
    "117": "signature on file not stated",
    "121": "too many service lines for this payer",
    "122": "missing or wrong data stops processing",
    "123": "more information is asked for",
    "124": "name, address, phone or ID",
    "125": "name",
    "126": "address",
    "127": "phone or e-mail",
    "128": "tax ID",
    "132": "Medicaid provider number",
    "135": "payer's own provider number",
    "142": "license or certificate number",
    "143": "state license number",
    "145": "specialty (taxonomy code)",
    "148": "Social Security number",
    "149": "employer ID",
    "153": "ID number",
    "155": "relationship to the patient",
    "156": "patient's relationship to the subscriber",
    "157": "sex",
    "158": "date of birth",
    "163": "policy or group number",
    "164": "member number",
    "171": "other insurance",
    "178": "charges",
    "182": "what another payer allowed or paid",
    "183": "amount already paid",
    "187": "service dates",
    "188": "statement dates",
    "197": "coverage dates",
    "247": "service line",
    "249": "place of service",
    "252": "authorization number",
    "254": "principal diagnosis",
    "255": "diagnosis code",
    "258": "days or units",
    "259": "how often the service was given",
    "263": "length of the service",
    "276": "claim form",
    "286": "other payer's explanation of benefits",
    "287": "medical necessity",
    "294": "supporting papers",
    "297": "clinical notes",
    "306": "description of the service",
    "400": "amounts do not add up",
    "401": "source of payment not usable",
    "402": "amount must be above zero",
    "421": "attachment for medical review",
    "448": "codes that cannot be billed together",
    "453": "modifier",
    "454": "procedure code",
    "464": "payer's claim number",
    "468": "patient's signature on file",
    "474": "procedure does not go with the sex",
    "475": "procedure does not go with the age",
    "476": "units missing or wrong",
    "477": "diagnosis pointer missing or wrong",
    "478": "our claim number",
    "479": "other payer's ID missing or wrong",
    "480": "claim filing indicator",
    "481": "format of the claim",
    "483": "maximum benefit used up",
    "484": "receiver's system is not available",
    "487": "must be sent to or through another party",
    "488": "diagnosis for the service",
    "489": "attachment number",
    "491": "not eligible to send encounters",
    "495": "payer's new claim number is needed to process again",
    "496": "submitter is not enrolled for this party",
    "499": "no rate on file for this service",
    "500": "ZIP code",
    "501": "state",
    "502": "city",
    "503": "street",
    "504": "last name",
    "505": "first name",
    "507": "HCPCS code",
    "509": "external cause code",
    "510": "date is in the future",
    "511": "character that is not allowed",
    "512": "length that the receiver cannot take",
    "514": "middle name",
    "516": "other payer's payment date",
    "519": "adjustment amount",
    "521": "adjustment reason code",
    "535": "claim frequency code",
    "538": "claim number",
    "550": "coordination of benefits",
    "555": "reason for late sending",
    "560": "second ID",
    "561": "contact name",
    "562": "NPI",
    "578": "insurance type",
    "583": "charge of a line",
    "584": "control number of a line",
    "585": "charge denied or not covered",
    "589": "assignment of benefits",
    "612": "daily limit",
    "634": "remark code",
    "672": "other payer's amounts do not add up",
    "673": "reason for the visit",
    "674": "authorization used up",
    "677": "not affiliated",
    "680": "country",
    "684": "syntax fault, see the 999",
    "685": "goes on in batch, not to be sent again",
    "686": "voided",
    "689": "no answer in time",
    "693": "amount must not be negative",
    "694": "amount must not be zero",
    "696": "adjustment group code",
    "697": "too many decimals",
    "700": "diagnosis needs a second code",
    "704": "claim note",
    "710": "other payer's line payment",
    "717": "split for processing",
    "718": "sent too late (timely filing)",
    "732": "against the billing guidelines",
    "733": "prefix of the member number",
    "734": "premium payment is being checked",
    "735": "included in another service",
    "736": "a related claim is missing",
    "741": "must be a person",
    "742": "order of the payers",
    "743": "credentials or enrollment",
    "746": "duplicate of a file already sent",
}

_ENTITIES = {
    "03": "dependent",
    "1P": "provider",
    "2B": "administrator",
    "36": "employer",
    "40": "receiver",
    "41": "submitter",
    "71": "attending provider",
    "74": "corrected subscriber",
    "77": "service location",
    "82": "rendering provider",
    "85": "billing provider",
    "87": "pay-to provider",
    "AY": "clearinghouse",
    "DK": "ordering provider",
    "DN": "referring provider",
    "DQ": "supervising provider",
    "FA": "facility",
    "GB": "other insured",
    "HK": "subscriber",
    "IL": "subscriber",
    "IN": "insurer",
    "P3": "primary care provider",
    "PE": "payee",
    "PR": "payer",
    "PW": "pick-up address",
    "QB": "purchased service provider",
    "QC": "patient",
    "SJ": "service provider",
    "TV": "third-party administrator",
}


def verdict_of(category: str, action: str = "") -> Verdict:
    """Return what a category code asks of the office.

    Where the category is none that we know, ``action`` decides (STC03: WQ accept, U reject).
    """
    known = _CATEGORIES.get(category.upper())
    if known is not None:
        return known[0]
    if _is_request(category):
        return Verdict.PENDING
    return {"WQ": Verdict.ACCEPTED, "U": Verdict.REJECTED}.get(action.upper(), Verdict.UNKNOWN)


def category_words(category: str) -> str:
    """Return a category in words: ``Accepted``; ``Category Z9`` where we have none."""
    known = _CATEGORIES.get(category.upper())
    if known is not None:
        return known[1]
    return _REQUEST if _is_request(category) else f"Category {category or 'not given'}"


def status_words(status: str) -> str:
    """Return a status in words, without capital: ``NPI``; ``status 999`` where we have none."""
    return _STATUSES.get(_plain(status), f"status {status or 'not given'}")


def entity_words(entity: str) -> str:
    """Return whom a status is about: ``billing provider``; "" where nobody is named."""
    return _ENTITIES.get(entity.upper(), f"party {entity}" if entity else "")


def is_known_status(status: str) -> bool:
    """Return whether `status_words` has words for a status."""
    return _plain(status) in _STATUSES


def in_words(category: str, status: str, entity: str = "") -> str:
    """Return one status as a line: ``Rejected, information is wrong: billing provider: NPI``."""
    parts = (category_words(category), entity_words(entity), status_words(status) if status else "")
    return ": ".join(part for part in parts if part)


def _is_request(category: str) -> bool:
    return category[:1].upper() == "R" and category[1:].isascii() and category[1:].isdigit()


def _plain(status: str) -> str:
    return status.lstrip("0") or ("0" if status else "")
