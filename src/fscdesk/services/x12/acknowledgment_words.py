"""What the codes of a 999, 997 and TA1 mean, in our own plain words.

The codes are the implementation guide's (IK304, IK403, IK502, AK905, TA105); the words are ours.
"""

from __future__ import annotations

SEGMENT_FAULTS = {
    "1": "segment is not known",
    "2": "segment stands where none is expected",
    "3": "required segment is missing",
    "4": "loop stands too many times",
    "5": "segment stands too many times",
    "6": "segment does not belong in this kind of file",
    "7": "segment stands in the wrong order",
    "8": "segment has wrong elements",
    "I4": "segment must not be used here",
    "I6": "segment is missing that another one asks for",
    "I7": "loop stands too few times",
    "I8": "segment stands too few times",
    "I9": "segment must not be used with what else is given",
}

ELEMENT_FAULTS = {
    "1": "required element is missing",
    "2": "element is missing that another one asks for",
    "3": "too many elements",
    "4": "too short",
    "5": "too long",
    "6": "character that is not allowed",
    "7": "code is not in the list",
    "8": "not a date",
    "9": "not a time",
    "10": "must not stand beside another element",
    "12": "repeated too many times",
    "13": "too many components",
    "I6": "code must not be used here",
    "I9": "element is missing that the rest asks for",
    "I10": "element must not be used here",
    "I11": "repeated too few times",
    "I12": "not in the wanted pattern",
    "I13": "element must not be used with what else is given",
}

SET_FAULTS = {
    "1": "kind of transaction is not supported",
    "2": "trailer (SE) is missing",
    "3": "control numbers of ST and SE differ",
    "4": "number of segments in SE is wrong",
    "5": "one or more segments are wrong",
    "6": "kind of transaction is missing or wrong",
    "7": "control number is missing or wrong",
    "8": "name of the authentication key is not known",
    "9": "name of the encryption key is not known",
    "10": "requested protection is not available",
    "11": "security recipient is not known",
    "12": "length of the message is wrong",
    "13": "authentication failed",
    "15": "security originator is not known",
    "16": "decrypted text has wrong syntax",
    "17": "security is not supported",
    "18": "transaction does not belong in its group",
    "19": "implementation guide is not known",
    "23": "control number was used twice in the group",
    "I5": "one or more segments break the guide",
    "I6": "implementation guide is not supported",
}

GROUP_FAULTS = {
    "1": "kind of group is not supported",
    "2": "version of the group is not supported",
    "3": "trailer (GE) is missing",
    "4": "control numbers of GS and GE differ",
    "5": "number of transactions in GE is wrong",
    "6": "group control number has the wrong form",
    "10": "name of the authentication key is not known",
    "11": "name of the encryption key is not known",
    "12": "requested protection is not available",
    "13": "security recipient is not known",
    "14": "security originator is not known",
    "15": "decrypted text has wrong syntax",
    "16": "security is not supported",
    "17": "length of the message is wrong",
    "18": "authentication failed",
    "19": "group control number was used before",
}

INTERCHANGE_FAULTS = {
    "000": "",
    "001": "control numbers of ISA and IEA differ",
    "002": "standard is not supported",
    "003": "version is not supported",
    "004": "segment terminator is wrong",
    "005": "sender's qualifier is wrong",
    "006": "sender's ID is wrong",
    "007": "receiver's qualifier is wrong",
    "008": "receiver's ID is wrong",
    "009": "receiver's ID is not known",
    "010": "qualifier of the authorization is wrong",
    "011": "authorization is wrong",
    "012": "qualifier of the security information is wrong",
    "013": "security information is wrong",
    "014": "date of the file is wrong",
    "015": "time of the file is wrong",
    "016": "standards identifier is wrong",
    "017": "version of the envelope is wrong",
    "018": "control number of the file is wrong",
    "019": "request for an acknowledgment is wrong",
    "020": "test indicator is wrong",
    "021": "number of groups is wrong",
    "022": "structure of the file is wrong",
    "023": "file ends too early",
    "024": "content of the file is wrong",
    "025": "control number was used before",
    "026": "element separator is wrong",
    "027": "component separator is wrong",
    "028": "delivery date in the file is wrong",
    "029": "delivery time in the file is wrong",
    "030": "delivery time code is wrong",
    "031": "grade of service is wrong",
}


def words_of(faults: dict[str, str], code: str) -> str:
    """Return a code in words from one of the tables above, ``code 77`` where it has none."""
    return faults.get(code.upper(), f"code {code}")
