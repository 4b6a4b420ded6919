# Licensed under the Apache License, Version 2.0 (the "License"); you may not
# use this file except in compliance with the License. You may obtain a copy of
# the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
# "AS IS" basis, without warranties or conditions of any kind.
"""
Reads delivery status notifications with Python's email package and holds them against a table of the rules for their
fields: anybody's DSNs, not only ours. Arguments are files, a message in each. Prints a list in JSON, an object for each
file: its problems (none when all is well), the types of its parts, and the groups of fields in its delivery status.
"""
import email
import json
import re
import sys
from email import policy
from email.utils import parsedate_to_datetime

DATE = (r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
        r" \d\d:\d\d(:\d\d)? [+-]\d{4}( \([A-Z]+\))?")
ADDRESS = r"rfc822 ?; ?\S.*@\S+|utf-8 ?; ?[!-*,-<>-~]+"
HOST = r"dns ?; ?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|dns ?; ?\[[0-9A-Fa-f.:]+\]"
MESSAGE_ID = r"<[^<>@\s]+@[^<>@\s]+>"
MAILBOX = r"[ -~]*[^<>@\s]+@[^<>@\s]+>?( \([ -~]*\))?"

# field, how often at least and at most, its value, where it is written

HEADER = [
    ("Return-Path", 1, 1, r"<>", "RFC 3461 6.1: a DSN is sent from <>"),
    ("Date", 1, 1, DATE, "RFC 5322 3.6.1"),
    ("From", 1, 1, MAILBOX, "RFC 5322 3.6.2"),
    ("Reply-To", 0, 1, MAILBOX, "RFC 5322 3.6.2"),
    ("To", 1, 1, MAILBOX, "RFC 5322 3.6.3"),
    ("Message-ID", 1, 1, MESSAGE_ID, "RFC 5322 3.6.4"),
    ("In-Reply-To", 0, 1, MESSAGE_ID, "RFC 5322 3.6.4"),
    ("References", 0, 1, r"(%s ?)+" % MESSAGE_ID, "RFC 5322 3.6.4"),
    ("Subject", 0, 1, r".+", "RFC 5322 3.6.5"),
    ("Auto-Submitted", 1, 1, r"auto-(replied|generated)( \(.*\))?", "RFC 3834 5"),
    ("MIME-Version", 1, 1, r"1\.0( \(.*\))?", "RFC 2045 4"),
    ("Content-Type", 1, 1, r"multipart/report; .*", "RFC 6522 3"),
    ("Content-Transfer-Encoding", 0, 1, r"7bit|8bit", "RFC 2045 6.4: no other for a multipart"),
]

PER_MESSAGE = [
    ("Original-Envelope-Id", 0, 1, r"[ -~]+", "RFC 3464 2.2.1"),
    ("Reporting-MTA", 1, 1, HOST, "RFC 3464 2.2.2"),
    ("DSN-Gateway", 0, 1, HOST, "RFC 3464 2.2.3"),
    ("Received-From-MTA", 0, 1, HOST, "RFC 3464 2.2.4"),
    ("Arrival-Date", 0, 1, DATE, "RFC 3464 2.2.5"),
]

PER_RECIPIENT = [
    ("Original-Recipient", 0, 1, ADDRESS, "RFC 3464 2.3.1"),
    ("Final-Recipient", 1, 1, ADDRESS, "RFC 3464 2.3.2"),
    ("Action", 1, 1, r"failed|delayed|delivered|relayed|expanded", "RFC 3464 2.3.3"),
    ("Status", 1, 1, r"[245]\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})", "RFC 3464 2.3.4, RFC 3463 2"),
    ("Remote-MTA", 0, 1, HOST, "RFC 3464 2.3.5"),
    ("Diagnostic-Code", 0, 1, r"smtp ?; ?[2-5]\d\d([ -].*)?|x-[!-~]+ ?; ?.+", "RFC 3464 2.3.6, RFC 3461 9.2"),
    ("Last-Attempt-Date", 0, 1, DATE, "RFC 3464 2.3.7"),
    ("Final-Log-ID", 0, 1, r"[ -~]+", "RFC 3464 2.3.8"),
    ("Will-Retry-Until", 0, 1, DATE, "RFC 3464 2.3.9"),
]

EXTENSION = r"x-[a-z0-9-]+"  # RFC 3464 2.4

STATUS_CLASSES = {  # RFC 3464 2.3.3 and 2.3.4
    "failed": "45", "delayed": "4", "delivered": "2", "relayed": "2", "expanded": "2"}

PARTS = [  # RFC 6522 3
    ["text/plain", "text/html", "multipart/alternative"],
    ["message/delivery-status"],
    ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"],
]


def unfolded(value):
    return " ".join(str(value).split())


def by_table(where, rules, fields, others_allowed):
    for name, least, most, value, source in rules:
        found = [unfolded(v) for n, v in fields if n.lower() == name.lower()]
        if not least <= len(found) <= most:
            yield "%s: %s is there %d times (%s)" % (where, name, len(found), source)
        for each in found:
            if not re.fullmatch(value, each, re.IGNORECASE):
                yield "%s: %s: %s (%s)" % (where, name, each, source)
    known = [name.lower() for name, *rest in rules]
    for name, value in fields:
        if not others_allowed and name.lower() not in known and not re.fullmatch(EXTENSION, name.lower()):
            yield "%s: the field %s is not known (RFC 3464 2.4)" % (where, name)


def of_the_recipient(where, group, arrival):
    action = unfolded(group["Action"]).lower()
    if unfolded(group["Status"])[:1] not in STATUS_CLASSES.get(action, ""):
        yield "%s: status %s of what is %s (RFC 3464 2.3.4)" % (where, group["Status"], action)
    if action != "delayed" and "Will-Retry-Until" in group:
        yield "%s: Will-Retry-Until of what is %s (RFC 3464 2.3.9)" % (where, action)
    last = group["Last-Attempt-Date"]
    if arrival and last and parsedate_to_datetime(unfolded(last)) < parsedate_to_datetime(unfolded(arrival)):
        yield "%s: tried at %s, before it arrived at %s (RFC 3464 2.3.7)" % (where, last, arrival)


def of_the_parts(message, parts):
    if message["Content-Type"].params.get("report-type") != "delivery-status":
        yield "report-type is %s (RFC 3464 2)" % message["Content-Type"].params.get("report-type")
    if not 2 <= len(parts) <= 3:
        yield "%d parts (RFC 6522 3)" % len(parts)
    for number, (part, allowed) in enumerate(zip(parts, PARTS)):
        if part.get_content_type() not in allowed:
            yield "part %d is %s (RFC 6522 3)" % (number + 1, part.get_content_type())
    for part in parts[1:2]:
        if str(part["Content-Transfer-Encoding"] or "7bit") != "7bit":
            yield "the delivery status is %s (RFC 3464 2.1: 7bit)" % part["Content-Transfer-Encoding"]
    for part in parts[2:3]:
        if part.get_content_type() == "message/rfc822":
            returned = part.get_payload(0)
        else:
            returned = email.message_from_string(part.get_content(), policy=policy.default)
        if "In-Reply-To" in message and unfolded(message["In-Reply-To"]) != unfolded(returned["Message-ID"]):
            yield "In-Reply-To: %s, which is not the original (RFC 5322 3.6.4)" % message["In-Reply-To"]


def defects(message):
    for part in message.walk():
        for defect in part.defects + [each for value in part.values() for each in getattr(value, "defects", [])]:
            yield "%s: %r" % (part.get_content_type(), defect)


def groups_of(parts):
    payload = parts[1].get_payload() if len(parts) > 1 else []
    return [group for group in payload if group.keys()] if isinstance(payload, list) else []


def check(message):
    problems = list(defects(message))
    problems += by_table("header", HEADER, message.items(), others_allowed=True)
    parts = list(message.iter_parts())
    problems += of_the_parts(message, parts)
    groups = groups_of(parts)
    if len(groups) < 2:
        problems.append("%d groups of fields (RFC 3464 2.1)" % len(groups))
    for number, group in enumerate(groups):
        where = "recipient %d" % number if number else "mail"
        problems += by_table(where, PER_RECIPIENT if number else PER_MESSAGE, group.items(), others_allowed=False)
        if number:
            problems += of_the_recipient(where, group, groups[0]["Arrival-Date"])
    return {
        "problems": problems,
        "parts": [part.get_content_type() for part in parts],
        "groups": [{name.lower(): unfolded(value) for name, value in group.items()} for group in groups],
    }


def read(path):
    with open(path, "rb") as file:
        return email.message_from_binary_file(file, policy=policy.default)


print(json.dumps([check(read(path)) for path in sys.argv[1:]]))
