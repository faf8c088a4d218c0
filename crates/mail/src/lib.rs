//! Sending mail: over SMTP, or into a folder where none is configured.
