"""What operators see: lines, masks, error mails, metrics, health."""
