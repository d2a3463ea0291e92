"""FHIR Questionnaires as definitions of measures, read into drafts and written from specs."""
