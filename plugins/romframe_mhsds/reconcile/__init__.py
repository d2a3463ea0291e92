"""The portal's answer to a submission, laid beside what was sent."""
