"""What goes out as text: documents written from a report's figures, with the office's templates."""
