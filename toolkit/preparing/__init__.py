"""A run's file → the frames of its reports, made once."""
