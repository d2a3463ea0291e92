"""Assessments as FHIR resources: QuestionnaireResponse for answers, Observation for scores."""
