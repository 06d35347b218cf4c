"""What operators see: log lines with ids, masks for secrets, and metrics. Imports no room; rooms call it."""
