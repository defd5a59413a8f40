"""A small knowledge base for tests, of an organisation that does not exist."""

from pathlib import Path

TEMPLATES = """\
- name: Answer ready
  content_sid: HX0123456789abcdef0123456789abcdef
  language: en
  text: Hello {{1}}, our answer is ready.
  blanks: {"1": their name}
  announces: true
"""
ORGANISATION = """\
name: Harbour Advisory
description: I answer questions about courses and visas.
phone: "+44 20 7946 0000"
email: hello@harbour.example
time_zone: Europe/London
opening_hours:
  monday: ["09:00-17:30"]
languages: [en, es, fr]
"""

DOCUMENTS = {
    "guidance/duration.md": """\
---
title: How long a micro-credential takes
kind: guidance
source: https://example.org/duration
last_verified: 2026-06-01
---
A micro-credential usually takes between six and twelve weeks of part-time study.

## Hours a week

Plan for five to eight hours a week. Most courses let you study in the evening.

## Flexible pace

Self-paced courses have no fixed dates. You may pause for up to 30 days.
""",
    "guidance/fees.md": """\
---
title: Course fees and refunds
kind: guidance
source: https://example.org/fees
last_verified: 2026-05-12
recheck_by: 2027-05-12
---
The fee for the Harbour data course is 450 euros.

## Refunds

You get all of your money back within 14 days of paying. After that there is no refund.

## Scholarships

- The Harbour bursary pays half of the fee.
- Refugees study without a fee.
- Applications close on 31 March.
""",
    "guidance/visa.md": """\
---
title: Student visas and short courses
kind: guidance
source: https://example.org/visa
last_verified: 2026-04-20
---
A short online course does not lead to a student visa.

## Germany

For a student visa Germany asks for a blocked account of 11,904 euros a year.

| Step | Where | Time |
| --- | --- | --- |
| Book an appointment | German embassy | 8 weeks |
| Hand in documents | German embassy | 1 day |

## Canada

Canada needs no study permit for courses of six months or less.
""",
    "faq/certificate.md": """\
---
title: Certificates
kind: faq
last_verified: 2026-09-01
---
## Do I get a certificate?

Yes. Everybody who passes the final test gets a digital certificate with a badge.

## Can employers verify it?

Employers can verify the badge with the link printed on it.
""",
}


def write_knowledge(folder: Path) -> Path:
    """Write the sample documents and the organisation into ``folder``."""
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "organisation.yaml").write_text(ORGANISATION, "utf-8")
    (folder / "templates.yaml").write_text(TEMPLATES, "utf-8")
    return folder
