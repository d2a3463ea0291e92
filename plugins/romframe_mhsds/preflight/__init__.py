"""The rules of NHS England on the tables of a submission, put to them before they leave."""
