"""An invented county with planted problems."""
