"""Says what two independent checkers find wrong in PDF files: nothing, if all is well.

`page` validates PDF/A-2a and PDF/UA-1; `outloud` validates PDF/UA-1 and reads the file as a screen
reader would. Usage: check_pdf.py FILE…
"""

import sys
from pathlib import Path

import outloud
import page


def false_alarm(path, rule, message):
    """Findings that are wrong, each with its reason."""
    return (
        # A stream whose last byte is a carriage return, before the line feed that ends it: the
        # checker takes both for one line end and misses a byte.
        rule == "PDFA2A-STREAM-LENGTH-001" and b"\r\nendstream" in Path(path).read_bytes()
        # Row headers are headers too: a table of two columns has as many of them as data cells.
        or rule == "TBL-010" and "header rows" not in message
        # The map of competencies has few marks among many cells: that is what it shows.
        or rule == "TBL-012"
    )


for path in sys.argv[1:]:
    findings = []
    for profile in ("2a", "ua1"):
        for failure in page.validate_pdf(path, profile=profile).failures:
            findings.append((failure.rule_id, failure.message))
    for finding in outloud.check(path).sorted_findings():
        findings.append((finding.rule, f"page {finding.page}: {finding.message}"))
    for rule, message in findings:
        if not false_alarm(path, rule, message):
            print(f"{path}: {rule}: {message}")
