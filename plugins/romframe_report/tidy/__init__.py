"""The figures of the service report as tidy tables: for a workbook, and for programs."""
