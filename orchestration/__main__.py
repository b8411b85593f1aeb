"""`python -m orchestration` is `xero-crm`."""

from orchestration.cli import main

main()
