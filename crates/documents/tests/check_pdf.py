"""Says what independent checkers find wrong in PDF files: nothing, if all is well.

Usage: check_pdf.py FILE…
"""

import sys

import outloud
import page

for path in sys.argv[1:]:
    for profile in ("2a", "ua1"):
        report = page.validate_pdf(path, profile=profile)
        for failure in report.failures:
            print(f"{path}: page {profile}: {failure.rule_id}: {failure.message}")
    result = outloud.check(path)
    for finding in result.sorted_findings():
        print(f"{path}: outloud: {finding.rule} p.{finding.page}: {finding.message}")
