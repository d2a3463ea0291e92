"""Parent and infant: the Bethlem Mother-Infant Interaction Scale, bonding, attachment, confidence."""
