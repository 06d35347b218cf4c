"""Agreement templates in the admin: the editor with its PDF, fields and roles, previews and versions."""
