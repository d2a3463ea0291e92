"""What is due: the schedules of a framework laid over the records of a store."""
