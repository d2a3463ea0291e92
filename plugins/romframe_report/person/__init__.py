"""One page about one person, for the conversation: told to the clinician, or to the person."""
