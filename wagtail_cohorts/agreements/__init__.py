"""Agreement templates and their frozen versions."""
