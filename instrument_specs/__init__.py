"""The instruments, one YAML file each: data, not code."""
