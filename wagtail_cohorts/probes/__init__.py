"""What machines ask: whether the site is well, and its metrics. A face like the others: imported by nobody."""
