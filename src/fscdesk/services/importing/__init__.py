"""Files become sessions: recognise, read, match, plan, apply, undo."""
